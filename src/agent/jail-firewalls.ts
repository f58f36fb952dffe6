/**
 * Where the bans of jails go: those for the ports that the guard bans on to the guard's own firewall, others
 * to a table of their own for each set of ports.
 */
import type { Network } from '../base/network.ts';
import type { Problem } from '../base/problem.ts';
import type { Jail } from '../fail2ban/jail/jail.ts';
import { NftFirewall } from '../guard/firewall/nft.ts';
import type { Clock } from '../host/clock.ts';
import { sha256 } from '../host/sha256.ts';
import { Enforcer } from './enforcer.ts';

export interface JailFirewallsOptions {
  /** The guard's. */
  readonly enforcer: Enforcer;
  /** Its ports. */
  readonly ports: readonly number[];
  /** Nobody is banned: then all bans go to the guard's. */
  readonly observes: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProblem: (problem: Problem) => void;
}

export class JailFirewalls {
  readonly #options: JailFirewallsOptions;
  readonly #enforcers = new Map<string, Enforcer>();

  constructor(options: JailFirewallsOptions) {
    this.#options = options;
  }

  /** Makes what the jails need; a firewall that cannot be made is told of, and bans wait until it can. */
  async prepare(jails: readonly Jail[]): Promise<void> {
    const { ports: own, observes, clock, signal, onProblem } = this.#options;
    for (const { ports } of jails) {
      const key = keyOf(ports);
      if (observes || key === keyOf(own) || this.#enforcers.has(key)) continue;
      const firewall = new NftFirewall({ table: `portreeve_${key}`, ports });
      const prepared = await firewall.prepare();
      if (!prepared.ok) onProblem(prepared.problem);
      this.#enforcers.set(key, new Enforcer({ firewall, clock, signal, onProblem }));
    }
  }

  of({ ports }: Jail): Enforcer {
    return this.#enforcers.get(keyOf(ports)) ?? this.#options.enforcer;
  }

  /** Takes bans back, of all jails. */
  lift(targets: readonly Network[]): void {
    for (const enforcer of this.#enforcers.values()) enforcer.lift(targets);
  }

  async run(): Promise<void> {
    await Promise.all([...this.#enforcers.values()].map(async (enforcer) => await enforcer.run()));
  }
}

function keyOf(ports: 'all' | readonly number[]): string {
  const text = ports === 'all' ? ports : [...ports].toSorted((a, b) => a - b).join('_');
  return text.length <= 40 ? text : sha256(text).slice(0, 16);
}
