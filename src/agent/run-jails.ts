/** All that the agent does for fail2ban's jails: reads them, makes their firewalls, runs them until the signal. */
import type { Problem } from '../base/problem.ts';
import type { Settings } from '../base/settings.ts';
import type { Guard } from '../guard/guard.ts';
import { mailPorts } from '../guard/mail-socket.ts';
import type { GuardRecord } from '../guard/record.ts';
import type { Clock } from '../host/clock.ts';
import { NameLookup } from '../host/name-lookup.ts';
import type { Store } from '../store/store.ts';
import type { Enforcer } from './enforcer.ts';
import { type JailBans, readJailBans } from './jail-bans.ts';
import { JailFirewalls } from './jail-firewalls.ts';
import { runJailLoop } from './jail-loop.ts';
import type { JailReleases } from './jail-releases.ts';
import { jailMercy, openJails } from './open-jails.ts';

export interface RunJailsOptions {
  readonly settings: Settings;
  readonly guard: Guard;
  /** The guard's own. */
  readonly enforcer: Enforcer;
  /** Nobody is banned. */
  readonly observes: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tell: (record: GuardRecord) => void;
  readonly store: Store;
  readonly releases: JailReleases;
  /** Told which jails run, once they follow their logs: what is written from then on is read. */
  readonly begun: (jails: readonly string[]) => void;
}

export async function runJails(options: RunJailsOptions): Promise<void> {
  const { settings, guard, enforcer, observes, clock, signal, tell, store, releases, begun } = options;
  const jails = await openJails(settings, clock, tell);
  if (jails.length === 0) {
    begun([]);
    return;
  }
  const onProblem = (problem: Problem): void => {
    tell({ type: 'problem', at: clock.now(), problem });
  };
  const firewalls = new JailFirewalls({ enforcer, ports: mailPorts, observes, clock, signal, onProblem });
  await firewalls.prepare(jails);
  const before = readJailBans(store, clock.now());
  if (!before.ok) onProblem(before.problem);
  const known = before.ok ? before.value : new Map<string, JailBans>();
  for (const jail of jails) firewalls.of(jail).add(known.get(jail.name)?.inForce ?? []);
  releases.add((targets) => {
    firewalls.lift(targets);
  });
  const mercy = jailMercy(settings, guard, clock);
  // It opens their logs before it first waits.
  const running = runJailLoop({
    jails,
    enforcerOf: (jail) => firewalls.of(jail),
    clock,
    signal,
    tell,
    before: known,
    releases,
    names: new NameLookup(() => clock.now()),
    ...mercy,
  });
  begun(jails.map(({ name }) => name));
  await Promise.all([running, firewalls.run()]);
}
