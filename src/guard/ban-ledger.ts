/**
 * The bans in force, and what each is worth and costs: what its target tried meanwhile, and the mail that
 * came from it before and would have come since (harm). Live and in replay the same.
 *
 * What a banned address does is counted here and judged no more. Behind a firewall that enforces, little of
 * it reaches the log: what was under way, and what its backend counts.
 *
 * Bounded: bans that are over are dropped when they are met, and all of them now and then.
 */
import type { Address } from '../base/address.ts';
import { type Network, parseNetwork } from '../base/network.ts';
import { NetworkSet } from '../base/network-set.ts';

export interface BanInForce {
  /** An address or a network. */
  readonly target: string;
  readonly began: number;
  readonly until: number;
  /** Messages that were accepted from it before, as far as is remembered. */
  readonly mailBefore: number;
  /** It cannot log in, and its mail comes in all the same. */
  readonly leavesMail: boolean;
  /** Sightings during the ban. */
  attempts: number;
  /** Messages that were accepted from it during the ban, and would not have been. */
  mailLost: number;
}

const sweepEvery = 10_000;

export class BanLedger {
  readonly #bans = new Map<string, BanInForce>();
  readonly #networks = new NetworkSet();
  readonly #changed = new Set<BanInForce>();
  #untilSweep = sweepEvery;

  /** In the place of the target's last one. */
  open(ban: Omit<BanInForce, 'attempts' | 'mailLost'>): BanInForce {
    const opened = { ...ban, attempts: 0, mailLost: 0 };
    this.#bans.set(ban.target, opened);
    const network = wide(ban.target);
    if (network !== undefined) this.#networks.add(network);
    this.#untilSweep -= 1;
    if (this.#untilSweep <= 0) this.#sweep(ban.began);
    return opened;
  }

  /** The ban that an address is under: its own, or its network's; the one that leaves nothing open before the other. */
  find(address: Address, now: number): BanInForce | undefined {
    const known = this.#bans.get(address);
    const own = known !== undefined && known.until > now ? known : undefined;
    if (own?.leavesMail === false) return own;
    if (known !== undefined && own === undefined) this.#bans.delete(address);
    const network = this.#networks.find(address);
    const whole = network === undefined ? undefined : this.#bans.get(network.text);
    if (whole !== undefined && whole.until > now) return whole;
    if (network !== undefined) this.close(network.text);
    return own;
  }

  /** Counts what a banned address did. */
  count(ban: BanInForce, what: { readonly attempt: boolean; readonly mail: boolean }): void {
    if (what.attempt) ban.attempts += 1;
    if (what.mail) ban.mailLost += 1;
    if (what.attempt || what.mail) this.#changed.add(ban);
  }

  /** A pardon. */
  close(target: string): void {
    this.#bans.delete(target);
    const network = wide(target);
    if (network !== undefined) this.#networks.delete(network);
  }

  /** Those whose counts have changed since this was asked last. */
  takeChanged(): BanInForce[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  #sweep(now: number): void {
    this.#untilSweep = Math.max(sweepEvery, this.#bans.size);
    for (const { target, until } of this.#bans.values()) if (until <= now) this.close(target);
  }
}

function wide(target: string): Network | undefined {
  if (!target.includes('/')) return undefined;
  return parseNetwork(target);
}
