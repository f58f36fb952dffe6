/**
 * How long the next ban lasts: each further one of the same target lasts `factor` times as long, up to
 * `cap`; for each `forget` without a ban one offence is forgotten. A ban in force is never shortened.
 *
 * Bounded: at most `capacity` targets; whose ban ended longest ago is forgotten first.
 */
import type { Duration } from '../base/duration.ts';

export interface EscalationRule {
  readonly factor: number;
  readonly cap: Duration;
  readonly forget: Duration;
}

/** What is known of one target, an address or a network. */
export interface Offences {
  readonly count: number;
  /** When its last ban ends or ended. */
  readonly until: number;
}

export class Escalation {
  #rule: EscalationRule;
  readonly #capacity: number;
  /** In the order of the last ban. */
  readonly #offences = new Map<string, Offences>();

  constructor(rule: EscalationRule, capacity = 200_000) {
    this.#rule = rule;
    this.#capacity = capacity;
  }

  /** From now on bans grow by another rule. */
  adopt(rule: EscalationRule): void {
    this.#rule = rule;
  }

  /** A ban that does not lengthen the next: however many there are, they count as one offence at the most. */
  hold(target: string, length: Duration, now: number): Duration {
    const until = Math.max(now + length, this.#offences.get(target)?.until ?? 0);
    this.restore(target, { count: Math.max(1, this.offences(target, now)), until });
    return (until - now) as Duration;
  }

  /** Counts an offence; returns how long its ban lasts from now. `first` is the length of a first ban. */
  ban(target: string, first: Duration, now: number): Duration {
    const { factor, cap } = this.#rule;
    const before = this.#offences.get(target);
    const count = this.offences(target, now);
    // A rule whose first ban is longer than the cap keeps it.
    const length = Math.max(first, Math.min(cap, Math.round(first * factor ** count)));
    const until = Math.max(now + length, before?.until ?? 0);
    this.restore(target, { count: count + 1, until });
    return (until - now) as Duration;
  }

  /** Its last ban ends then: that of its network does. */
  extend(target: string, until: number): void {
    const known = this.#offences.get(target);
    if (known !== undefined) this.restore(target, { ...known, until });
  }

  /** When the ban that is in force ends; undefined where none is. */
  until(target: string, now: number): number | undefined {
    const known = this.#offences.get(target);
    return known !== undefined && known.until > now ? known.until : undefined;
  }

  /** How many are not forgotten. */
  offences(target: string, now: number): number {
    const known = this.#offences.get(target);
    if (known === undefined) return 0;
    return Math.max(0, known.count - Math.max(0, Math.floor((now - known.until) / this.#rule.forget)));
  }

  /** What was known before a restart. */
  restore(target: string, known: Offences): void {
    this.#offences.delete(target);
    this.#offences.set(target, known);
    if (this.#offences.size <= this.#capacity) return;
    const [oldest] = this.#offences.keys();
    if (oldest !== undefined) this.#offences.delete(oldest);
  }

  /** A pardon: what it did is forgotten with its ban. */
  forgive(target: string): void {
    this.#offences.delete(target);
  }
}
