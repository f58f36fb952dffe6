/**
 * Keeps the firewall at what has been decided: the one list of bans in force, and the loop that holds the
 * firewall to it.
 *
 * Bans that come while the firewall is busy wait and go in one batch, so a thousand bans cost a few calls.
 * Each second the firewall is asked whether it is whole, and every few seconds (the more bans, the rarer) it
 * is compared, ban by ban: what somebody else has flushed is written again, and told of. A ban that the
 * firewall refuses is told of once and tried again each minute; the guard goes on meanwhile.
 */
import type { Duration } from '../base/duration.ts';
import type { Network } from '../base/network.ts';
import type { Problem } from '../base/problem.ts';
import { ok, type Result } from '../base/result.ts';
import type { Ban, Call, Firewall } from '../guard/firewall/firewall.ts';
import type { Clock } from '../host/clock.ts';

export interface EnforcerOptions {
  readonly firewall: Firewall;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProblem: (problem: Problem) => void;
}

export interface TimedBan {
  readonly target: Network;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const lookMs = 1000;
const compareMs = 4000;
/** Comparing takes at most this share of the time. */
const compareShare = 0.01;
const refusedMs = 60_000;
/** The firewall may end a ban so much sooner: it has a clock of its own. */
const shortMs = 1000;
/** A ban in the firewall that ends this much sooner than it should is renewed. */
const slackMs = 5000;

export class Enforcer {
  readonly #options: EnforcerOptions;
  readonly #bans = new Map<string, TimedBan>();
  /** When to try again what was refused. */
  readonly #refused = new Map<string, number>();
  #waiting: TimedBan[] = [];
  #lifting: Network[] = [];
  #keepingAway: Ban[] = [];
  #working: Promise<void> | undefined;
  /** In force, and not yet in the list. */
  #unlearned: readonly TimedBan[] = [];
  #compareAt = 0;
  #sweepAt = 10_000;
  #trouble: string | undefined;
  #awayTrouble: string | undefined;

  constructor(options: EnforcerOptions) {
    this.#options = options;
  }

  /** In force as soon as the firewall can be; one that is over already never is. */
  add(bans: readonly TimedBan[]): void {
    const now = this.#options.clock.now();
    for (const ban of bans) {
      if (ban.until <= now) continue;
      this.#bans.set(ban.target.text, ban);
      this.#waiting.push(ban);
    }
    if (this.#bans.size > this.#sweepAt) this.#sweep(now);
    if (this.#waiting.length > 0) this.#work();
  }

  /**
   * Writes them before anything is noted of them, for who may be broken off meanwhile: nothing here can be left half
   * done. `add` has to follow.
   */
  addAtOnce(bans: readonly TimedBan[]): void {
    const { firewall, clock } = this.#options;
    const now = clock.now();
    firewall.banAtOnce?.(
      bans
        .filter(({ until }) => until > now)
        .map(({ target, until }) => ({ target, bantime: (until - now) as Duration })),
    );
  }

  /** Takes bans back. */
  lift(targets: readonly Network[]): void {
    this.#learned();
    for (const { text } of targets) this.#bans.delete(text);
    this.#lifting.push(...targets);
    if (targets.length > 0) this.#work();
  }

  /** For a moment, where the firewall can; nothing is missed where it cannot. */
  keepAway(targets: readonly Ban[]): void {
    if (this.#options.firewall.keepAway === undefined) return;
    this.#keepingAway.push(...targets);
    this.#work();
  }

  /** Who has called of late though it is kept away. */
  async calls(): Promise<Result<readonly Call[]>> {
    return (await this.#options.firewall.calls?.()) ?? ok([]);
  }

  /** What is in force, the oldest first. */
  inForce(): TimedBan[] {
    this.#learned();
    this.#sweep(this.#options.clock.now());
    return [...this.#bans.values()];
  }

  /** Everything asked for so far has been tried. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /**
   * At the start: bans from before are in force again where they are missing. Others that the firewall holds
   * end by themselves. Returns how many had to be written.
   */
  async restore(bans: readonly (TimedBan & Ban)[]): Promise<Result<number>> {
    const { firewall, clock } = this.#options;
    const listed = await firewall.list();
    if (!listed.ok || listed.value.length > 0 || this.#bans.size > 0) {
      this.#learn(bans);
      return await this.#compare();
    }
    // Nothing is there, as after a boot. They are in force first, and then written down here: with a hundred
    // thousand that takes as long again. One that is given twice is put right by the next comparison.
    const start = clock.now();
    const written = await this.#write(bans);
    this.#compareAt = start + compareMs;
    this.#unlearned = bans;
    setImmediate(() => {
      this.#learned();
    });
    return written;
  }

  /** Everything that was restored is known here from now on. */
  #learned(): void {
    const bans = this.#unlearned;
    this.#unlearned = [];
    this.#learn(bans);
  }

  /** Of a target that is given more than once, the ban that ends last holds. */
  #learn(bans: readonly TimedBan[]): void {
    const now = this.#options.clock.now();
    for (const ban of bans) {
      const { text } = ban.target;
      if (ban.until > Math.max(now, this.#bans.get(text)?.until ?? 0)) this.#bans.set(text, ban);
    }
  }

  /** Holds the firewall to the list until the signal is aborted. */
  async run(): Promise<void> {
    const { clock, signal, firewall } = this.#options;
    for (;;) {
      await clock.sleep(lookMs, signal);
      if (signal.aborted) return;
      await this.#working;
      const whole = await firewall.isWhole();
      if (whole.ok && whole.value && clock.now() < this.#compareAt) continue;
      const before = this.#bans.size;
      const written = await this.#mend(whole.ok && !whole.value);
      if (!this.#check(written) || !written.ok || written.value === 0 || before === 0) continue;
      this.#options.onProblem({
        kind: 'unavailable',
        message: `cannot keep bans in force alone: they must stay in the firewall: somebody else took ${written.value} of ${before} out`,
        hint: 'they are in force again; whatever flushes the ruleset should leave the table portreeve alone',
      });
    }
  }

  #work(): void {
    this.#working ??= this.#carryOut().finally(() => {
      this.#working = undefined;
    });
  }

  async #carryOut(): Promise<void> {
    const { firewall, clock, signal } = this.#options;
    // Lines of one write of Exim's are read together: let them all be judged first.
    await Promise.resolve();
    while (this.#waiting.length + this.#lifting.length + this.#keepingAway.length > 0) {
      const bans = this.#waiting;
      const lifting = this.#lifting;
      this.#waiting = [];
      this.#lifting = [];
      const lifted = lifting.length === 0 ? ok() : await firewall.unban(lifting);
      const banned = lifted.ok ? await this.#ban(bans) : lifted;
      await this.#carryAway();
      if (banned.ok) {
        this.#check(banned);
        continue;
      }
      // Perhaps it is not there any more.
      const mended = await this.#mend(true);
      if (this.#check(mended)) continue;
      this.#lifting = [...lifting, ...this.#lifting];
      await clock.sleep(lookMs, signal);
      if (signal.aborted) return;
      this.#waiting = [...bans, ...this.#waiting];
    }
  }

  /** What fails is told of once, and not tried again: it would be over by then. */
  async #carryAway(): Promise<void> {
    const targets = this.#keepingAway;
    this.#keepingAway = [];
    const away = targets.length === 0 ? ok() : await this.#options.firewall.keepAway?.(targets);
    const trouble = away === undefined || away.ok ? undefined : away.problem;
    if (trouble === undefined || trouble.message === this.#awayTrouble) return;
    this.#awayTrouble = trouble.message;
    this.#options.onProblem(trouble);
  }

  async #ban(bans: readonly TimedBan[]): Promise<Result<number>> {
    // Some may have been taken back meanwhile, or be over.
    const now = this.#options.clock.now();
    const wanted = bans.flatMap(({ target, until }): Ban[] =>
      this.#bans.has(target.text) && until > now ? [{ target, bantime: (until - now) as Duration }] : [],
    );
    return await this.#write(wanted);
  }

  async #write(wanted: readonly Ban[]): Promise<Result<number>> {
    if (wanted.length === 0) return ok(0);
    const now = this.#options.clock.now();
    const banned = await this.#options.firewall.ban(wanted);
    if (!banned.ok) return banned;
    for (const { ban, problem } of banned.value) {
      if (!this.#refused.has(ban.target.text)) this.#options.onProblem(problem);
      this.#refused.set(ban.target.text, now + refusedMs);
    }
    return ok(wanted.length - banned.value.length);
  }

  async #mend(isLost: boolean): Promise<Result<number>> {
    if (isLost) {
      const prepared = await this.#options.firewall.prepare();
      if (!prepared.ok) return prepared;
    }
    return await this.#compare();
  }

  /** Writes what is missing in the firewall, or ends there much too soon. */
  async #compare(): Promise<Result<number>> {
    const { firewall, clock } = this.#options;
    const start = clock.now();
    this.#learned();
    this.#sweep(start);
    const listed = await firewall.list();
    const cost = clock.now() - start;
    this.#compareAt = start + Math.max(compareMs, cost / compareShare);
    if (!listed.ok) return listed;
    const there = new Map(listed.value.map(({ target, bantime }) => [target.text, bantime]));
    const missing = [...this.#bans.values()].filter(({ target, until }) => {
      const left = until - start;
      const leftThere = there.get(target.text);
      if (leftThere === undefined ? left < shortMs : leftThere > left - slackMs) return false;
      return (this.#refused.get(target.text) ?? 0) <= start;
    });
    return await this.#ban(missing);
  }

  #sweep(now: number): void {
    for (const [text, { until }] of this.#bans) {
      if (until > now) continue;
      this.#bans.delete(text);
      this.#refused.delete(text);
    }
    this.#sweepAt = Math.max(10_000, this.#bans.size * 2);
  }

  /** Tells of a problem once, not each second. */
  #check(outcome: Result<unknown>): boolean {
    const message = outcome.ok ? undefined : outcome.problem.message;
    if (!outcome.ok && message !== this.#trouble) this.#options.onProblem(outcome.problem);
    this.#trouble = message;
    return outcome.ok;
  }
}
