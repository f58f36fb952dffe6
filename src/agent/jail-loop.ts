/**
 * fail2ban's jails, live: follows the logs that they name, those that appear later too, or the journal, and carries their bans
 * to the firewall. Assembly only: what is judged and how is `fail2ban/`.
 *
 * Lines are judged in batches, each of which must end in its time; an expression that does not is quarantined
 * and told of, and the others go on.
 */
import type { Address } from '../base/address.ts';
import { fail } from '../base/result.ts';
import type { Problem } from '../base/problem.ts';
import { isAscii } from '../fail2ban/expression/expression.ts';
import { datesOf } from '../fail2ban/dates/dates-of.ts';
import type { DateDetector } from '../fail2ban/dates/date-detector.ts';
import type { LineExpression } from '../fail2ban/filter/line-expression.ts';
import { ignoreArguments } from '../fail2ban/jail/ignore-command.ts';
import type { Jail } from '../fail2ban/jail/jail.ts';
import { journalLine } from '../fail2ban/jail/journal-line.ts';
import { type JailBan, JailWatch } from '../fail2ban/jail/jail-watch.ts';
import type { GuardRecord } from '../guard/record.ts';
import type { Clock } from '../host/clock.ts';
import { findFiles } from '../host/find-files.ts';
import { localCalendar } from '../host/local-calendar.ts';
import { JournalFollower } from '../host/journal-follower.ts';
import { LogFollower } from '../host/log-follower.ts';
import type { NameLookup } from '../host/name-lookup.ts';
import { ownAddresses } from '../host/own-addresses.ts';
import { run } from '../host/run.ts';
import { endsWithin } from '../host/within-time.ts';
import type { Enforcer, TimedBan } from './enforcer.ts';
import type { JailBans } from './jail-bans.ts';
import type { JailReleases } from './jail-releases.ts';

export interface JailLoopOptions {
  readonly jails: readonly Jail[];
  /** Where the bans of a jail go. */
  readonly enforcerOf: (jail: Jail) => Enforcer;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tell: (record: GuardRecord) => void;
  /** Whether an address is spared for another reason than the jail's own. */
  readonly isSpared: (address: Address, line: string) => boolean;
  /** How many times as many failures an address may make: 1 for a stranger. */
  readonly patience: (address: Address) => number;
  /** What was when the agent stopped, by the name of the jail. */
  readonly before: ReadonlyMap<string, JailBans>;
  readonly releases: JailReleases;
  readonly names: NameLookup;
  /** In place of journalctl. */
  readonly journalctl?: readonly string[];
}

/** Milliseconds that a batch may take; it takes one or two. */
const batchBudget = 500;
/** Milliseconds that one expression may take on one text. */
const evaluationBudget = 100;
/** How often new files are looked for that a pattern names. */
const lookMs = 10_000;
const ignoreCommandMs = 10_000;
/** The answer of an ignorecommand is kept so long: seconds. */
const ignoreKept = 60;
/** Seconds that stand for ever: the longest that a set of nftables keeps. */
const forEver = 10 * 365 * 86_400;

export async function runJailLoop(options: JailLoopOptions): Promise<void> {
  const overall = new Map<string, number>();
  const runs = options.jails.map((jail) => {
    const earlier = jail.banTime.overall ? overall : new Map<string, number>();
    for (const [target, offences] of options.before.get(jail.name)?.earlier ?? []) {
      earlier.set(target, Math.max(offences, earlier.get(target) ?? 0));
    }
    return new JailRun(jail, earlier, options).run();
  });
  await Promise.all(runs);
}

class JailRun {
  readonly #jail: Jail;
  readonly #options: JailLoopOptions;
  readonly #watch: JailWatch;
  readonly #quarantine = new Set<LineExpression>();
  readonly #followed = new Map<string, Promise<void>>();
  readonly #spared = new Map<string, number>();
  #waiting: (() => JailBan[])[] = [];
  #isMissing = false;

  constructor(jail: Jail, earlier: Map<string, number>, options: JailLoopOptions) {
    this.#jail = jail;
    this.#options = options;
    const inForce = options.before.get(jail.name)?.inForce ?? [];
    this.#watch = new JailWatch({
      jail,
      calendar: localCalendar(() => options.clock.now() / 1000),
      own: ownAddresses(),
      earlier,
      chance: Math.random,
      isSpared: options.isSpared,
      patience: options.patience,
      quarantine: this.#quarantine,
      banned: new Map(inForce.map(({ target, until }) => [target.text, until / 1000])),
      onName: (name, failure) => {
        options.names.ask(name, (addresses) => {
          this.#carryOutOrAsk(addresses.flatMap((address) => this.#watch.failure(address, failure)));
        });
      },
    });
  }

  async run(): Promise<void> {
    this.#options.releases.add((targets) => {
      this.#watch.release(targets);
    });
    const { journal } = this.#jail;
    await (journal === undefined ? this.#followFiles() : this.#followJournal(journal));
  }

  async #followJournal(matches: readonly string[]): Promise<void> {
    const { signal, clock, journalctl } = this.#options;
    await new JournalFollower({
      matches,
      from: 'end',
      signal,
      clock,
      onEntry: (entry) => {
        const line = journalLine(entry);
        if (!Number.isNaN(line.time)) this.#wait(() => this.#watch.entry(line));
      },
      onProblem: (problem) => {
        this.#problem(problem);
      },
      ...(journalctl === undefined ? {} : { command: journalctl }),
    }).run();
  }

  async #followFiles(): Promise<void> {
    const { signal, clock } = this.#options;
    let isFirst = true;
    while (!signal.aborted) {
      for (const path of this.#jail.logs.flatMap(findFiles)) this.#follow(path, isFirst);
      if (this.#followed.size === 0 && !this.#isMissing) {
        this.#isMissing = true;
        this.#problem(
          fail(
            'missing',
            `jail ${this.#jail.name} waits: needs a log: no file is ${this.#jail.logs.join(' or ')}`,
          ).problem,
        );
      }
      isFirst = false;
      await clock.sleep(lookMs, signal);
    }
    await Promise.all(this.#followed.values());
  }

  /** A log that is new since the start is read from its beginning. */
  #follow(path: string, isFirst: boolean): void {
    if (this.#followed.has(path)) return;
    const follower = new LogFollower(path, {
      from: isFirst ? 'end' : 'beginning',
      signal: this.#options.signal,
      onLine: (line) => {
        this.#wait(() => this.#watch.line(path, line, () => this.#dates()));
      },
      onProblem: (problem) => {
        this.#problem(problem);
      },
    });
    this.#followed.set(path, follower.run());
  }

  #wait(judge: () => JailBan[]): void {
    if (this.#waiting.push(judge) === 1) queueMicrotask(() => this.#judge());
  }

  #judge(): void {
    const lines = this.#waiting;
    this.#waiting = [];
    const bans: JailBan[] = [];
    const start = performance.now();
    let next = 0;
    const work = (): void => {
      for (; next < lines.length; next += 1) {
        bans.push(...(lines[next]?.() ?? []));
      }
      // To end the watchdog takes longer than to write a ban. What is left of its time is enough for that; if not, the
      // ban is written again (decision 0084).
      if (bans.length === 0 || this.#jail.ignoreCommand !== undefined) return;
      if (performance.now() - start < batchBudget / 2)
        this.#options.enforcerOf(this.#jail).addAtOnce(this.#timed(bans));
    };
    while (!endsWithin(batchBudget, work)) {
      this.#watch.rewind();
      // Whatever it was: this line has had its time.
      if (!this.#quarantineSlow()) next += 1;
    }
    this.#carryOutOrAsk(bans);
  }

  #carryOutOrAsk(bans: readonly JailBan[]): void {
    if (this.#jail.ignoreCommand === undefined) this.#carryOut(bans);
    else void this.#askThenCarryOut(bans, this.#jail.ignoreCommand);
  }

  #quarantineSlow(): boolean {
    const { trying } = this.#watch;
    if (trying === undefined) return false;
    const { rule, text } = trying;
    const ends = endsWithin(evaluationBudget, () => {
      rule.expression.test(text, isAscii(text));
    });
    if (ends) return false;
    this.#quarantine.add(rule);
    this.#problem(
      fail(
        'timeout',
        `jail ${this.#jail.name} goes on without an expression: it must end within ${evaluationBudget} ms: ${rule.written}`,
        { path: this.#jail.filter, hint: 'loops within loops, such as (a+)+, take for ever on some lines' },
      ).problem,
    );
    return true;
  }

  #dates(): DateDetector {
    const dates = datesOf(
      this.#jail.definition.datepattern,
      new Date(this.#options.clock.now()).getUTCFullYear(),
    );
    // It was made once when the jail was read.
    if (!dates.ok) throw new Error(dates.problem.message);
    return dates.value;
  }

  #carryOut(bans: readonly JailBan[]): void {
    const { clock, enforcerOf, tell } = this.#options;
    if (bans.length === 0) return;
    const at = clock.now();
    enforcerOf(this.#jail).add(this.#timed(bans));
    // Bans first (decision 0056): to print and to note them takes longer than to write them to the kernel.
    setImmediate(() => {
      for (const { jail, target, seconds, evidence, earlier } of bans) {
        tell({
          type: 'jail-ban',
          at,
          jail,
          address: target.text,
          seconds: Math.min(seconds, forEver),
          offences: earlier + 1,
          evidence,
        });
      }
    });
  }

  #timed(bans: readonly JailBan[]): TimedBan[] {
    const at = this.#options.clock.now();
    return bans.map(({ target, seconds }) => ({
      target,
      until: at + Math.min(seconds, forEver) * 1000,
    }));
  }

  async #askThenCarryOut(bans: readonly JailBan[], command: readonly string[]): Promise<void> {
    for (const ban of bans) if (!(await this.#isIgnored(ban, command))) this.#carryOut([ban]);
  }

  async #isIgnored({ target, jail }: JailBan, command: readonly string[]): Promise<boolean> {
    const now = this.#options.clock.now() / 1000;
    if ((this.#spared.get(target.text) ?? 0) > now) return true;
    const tags = { ip: target.text, 'ip-id': target.text, fid: target.text, jail, name: jail };
    const ran = await run(ignoreArguments(command, tags), { timeoutMs: ignoreCommandMs });
    // A command that cannot be run must not let anybody go.
    if (!ran.ok) this.#problem(ran.problem);
    const isIgnored = ran.ok && ran.value.status === 0;
    if (isIgnored) {
      if (this.#spared.size > 10_000) this.#spared.clear();
      this.#spared.set(target.text, now + ignoreKept);
    }
    return isIgnored;
  }

  #problem(problem: Problem): void {
    this.#options.tell({ type: 'problem', at: this.#options.clock.now(), problem });
  }
}
