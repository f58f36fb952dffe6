/**
 * The live guard: follows Exim's log, samples the socket table while an attack is on, and carries
 * every verdict to the enforcer. Assembly only: what is judged and how is `guard/`.
 */
import { parseNetwork } from '../base/network.ts';
import type { Problem } from '../base/problem.ts';
import type { Settings } from '../base/settings.ts';
import { logContext } from '../exim/log-context.ts';
import { SyslogEntries } from '../exim/syslog-entries.ts';
import type { Verdict } from '../guard/verdict.ts';
import type { Clock } from '../host/clock.ts';
import { ConfirmedNames } from '../host/confirmed-names.ts';
import { ownAddresses } from '../host/own-addresses.ts';
import { JournalFollower } from '../host/journal-follower.ts';
import { type FollowOptions, LogFollower, type LogPosition } from '../host/log-follower.ts';
import type { ClearPeers } from '../tls/clear-peers.ts';
import type { TimedBan } from './enforcer.ts';
import type { GuardJournal } from './guard-journal.ts';
import { OtherLogs } from './other-logs.ts';
import { lineTime } from './line-time.ts';
import { SlotSampler, type SlotSamplerOptions } from './slot-sampler.ts';

export interface GuardLoopOptions extends SlotSamplerOptions {
  readonly log: string;
  readonly journal: GuardJournal;
  readonly peers: ClearPeers;
  /** Tells the settings, now and whenever they have been read again: which logs are followed besides. */
  readonly settings: (adopt: (settings: Settings) => void) => void;
}

const tickMs = 5000;

export async function runGuardLoop(options: GuardLoopOptions): Promise<void> {
  const { log, guard, peers, clock, signal, journal } = options;
  const carryOut = (verdict: Verdict, at: number): void => {
    const { address, bantime, ...more } = verdict;
    const until = at + bantime;
    const targets = [address, ...(more.network === undefined ? [] : [more.network])];
    options.gates.of(verdict.rule).add(targets.flatMap((text) => timed(text, until)));
    const mailBefore = guard.trust.earned(address)?.messages ?? 0;
    options.tell({ type: 'ban', at, seconds: bantime / 1000, address, mailBefore, ...more });
  };
  const own = new Set<string>(ownAddresses());
  const sampler = new SlotSampler(options, carryOut);
  const entries = new SyslogEntries(logContext());
  const names = new ConfirmedNames((address, name) => {
    guard.named(address, name, clock.now());
  });
  const from = journal.placeIn(log);
  // What was written while we were away is late until its end has been reached.
  let isLate = from !== undefined;
  let isHurried = false;
  const onProblem = (problem: Problem): void => {
    options.tell({ type: 'problem', at: clock.now(), problem });
  };
  const follower = followerOf(log, from, {
    clock,
    signal,
    onProblem,
    // Whatever happens from now on, it is known from where.
    onOpen: () => {
      journal.save();
    },
    onBehind: (bytes) => {
      isLate &&= bytes > 0;
      const wasHurried = isHurried;
      isHurried = bytes > (isHurried ? 0 : mostBehind);
      guard.tally.keepsLines = !isHurried;
      if (isHurried && !wasHurried) onProblem(behind(log, bytes));
      journal.relieve();
    },
    onLine: (line) => {
      const { event, text } = entries.read(line);
      const now = clock.now();
      const at = lineTime(event, now, isLate);
      const over = guard.incidents.take(at);
      if (over !== undefined) options.tell({ type: 'incident', at, ...over });
      const { alert, verdict, sighting, backoff } = guard.take(event, text, at);
      if (sighting !== undefined) {
        // This host audits its own ports, and breaks handshakes for it: no attack.
        if (!own.has(sighting.address)) journal.count(at, `sighting ${sighting.kind}`);
        // A line of a refusal has no name: who is turned away may be known by one all the same.
        if (guard.asksNames) names.ask(sighting.address);
      }
      peers.see(event, at);
      if (event.kind === 'arrival' && event.peer !== undefined) {
        journal.count(at, 'mail accepted');
        if (event.tls !== undefined) journal.count(at, 'mail encrypted');
      } else if (event.kind === 'delivery' && event.arrow === '=>' && event.peer !== undefined) {
        journal.count(at, 'mail sent');
        if (event.tls !== undefined) journal.count(at, 'mail sent encrypted');
      }
      if (alert !== undefined) options.tell({ type: 'alert', at, ...alert });
      if (verdict !== undefined) carryOut(verdict, at);
      if (backoff !== undefined && !isLate)
        options.gates.all.keepAway([{ target: backoff.target, bantime: backoff.for }]);
      if (guard.watchesSlots(now)) sampler.start();
    },
  });
  journal.follow(() => {
    const { position } = follower;
    return position === undefined ? undefined : { path: log, place: JSON.stringify(position) };
  });
  const others = new OtherLogs({
    signal,
    found: (sighting) => {
      const at = clock.now();
      const { verdict } = guard.weigh(sighting, at);
      journal.count(at, `sighting ${sighting.kind}`);
      if (verdict !== undefined) carryOut(verdict, at);
    },
    onProblem,
  });
  options.settings((settings) => {
    others.adopt(settings);
  });
  const ticking = tick(options);
  await follower.run();
  await Promise.all([others.settled(), ticking]);
  const now = clock.now();
  const last = guard.incidents.take(now, true);
  if (last !== undefined) options.tell({ type: 'incident', at: now, ...last });
  await Promise.all([options.gates.settled(), sampler.settled()]);
}

const mostBehind = 16 * 1024 * 1024;

function behind(log: string, bytes: number): Problem {
  return {
    kind: 'unavailable',
    message: `cannot read ${log} as fast as it is written: at most ${mostBehind >> 20} MiB may wait: ${bytes >> 20} MiB do`,
    hint: 'until it has caught up, bans have no evidence lines; no address is left out',
  };
}

type Follower = Pick<LogFollower, 'run' | 'position'> | JournalFollower;

function followerOf(
  log: string,
  from: string | undefined,
  options: Omit<FollowOptions, 'from'> & { readonly clock: Clock },
): Follower {
  if (log !== 'journal')
    return new LogFollower(log, {
      ...options,
      from: from === undefined ? 'end' : (JSON.parse(from) as LogPosition),
    });
  return new JournalFollower({
    ...options,
    identifiers: ['exim', 'exim4'],
    from: from === undefined ? 'end' : (JSON.parse(from) as { cursor: string }),
  });
}

/** An attack that ends with the last line of a log is told of when it has been quiet, too. */
async function tick({ guard, clock, signal, tell }: GuardLoopOptions): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(tickMs, signal);
    const at = clock.now();
    const over = guard.incidents.take(at);
    if (over !== undefined) tell({ type: 'incident', at, ...over });
  }
}

function timed(text: string, until: number): TimedBan[] {
  const target = parseNetwork(text);
  return target === undefined ? [] : [{ target, until }];
}
