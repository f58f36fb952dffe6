/**
 * Counts sightings by address and kind over a sliding time, and gives a verdict when a rule's
 * measure is full. No clock, no file, no socket: the time is an argument, so the same tally runs
 * live, in replay and in tests.
 *
 * Memory is bounded: at most `capacity` addresses, the one that was quiet longest is forgotten first;
 * of each count no more sightings are kept than its rule needs.
 */
import type { Address } from '../base/address.ts';
import type { Rule } from './rule.ts';
import type { Sighting, SightingKind } from './sighting.ts';
import type { Verdict } from './verdict.ts';

interface Seen {
  readonly at: number;
  readonly line: string;
  readonly subject: string | undefined;
  readonly weight: number;
}

export class Tally {
  readonly #rules: Readonly<Record<SightingKind, Rule>>;
  readonly #capacity: number;
  /** In the order of the last sighting: the first is the one quiet longest. */
  readonly #counts = new Map<Address, Map<SightingKind, Seen[]>>();

  constructor(rules: Readonly<Record<SightingKind, Rule>>, capacity = 100_000) {
    this.#rules = rules;
    this.#capacity = capacity;
  }

  /** `now` in milliseconds since 1970; a clock that jumps back forgets nothing and counts on. */
  see(sighting: Sighting, now: number): Verdict | undefined {
    const { address, kind, line, subject } = sighting;
    const rule = this.#rules[kind];
    const counts = this.#touch(address);
    const recent = (counts.get(kind) ?? []).filter(({ at }) => now - at < rule.findtime);
    const weight = weigh(rule, recent, subject, now);
    if (weight > 0) recent.push({ at: now, line, subject, weight });
    counts.set(kind, recent);
    if (recent.reduce((sum, seen) => sum + seen.weight, 0) < rule.maxretry) return undefined;
    counts.delete(kind);
    const name = kind === 'turned-away' ? 'hammering' : kind;
    return { address, rule: name, bantime: rule.bantime, evidence: recent.map((seen) => seen.line) };
  }

  get size(): number {
    return this.#counts.size;
  }

  #touch(address: Address): Map<SightingKind, Seen[]> {
    const counts = this.#counts.get(address) ?? new Map<SightingKind, Seen[]>();
    this.#counts.delete(address);
    this.#counts.set(address, counts);
    if (this.#counts.size > this.#capacity) {
      const [quietest] = this.#counts.keys();
      if (quietest !== undefined) this.#counts.delete(quietest);
    }
    return counts;
  }
}

/** What one more sighting adds to those in `recent`. */
function weigh(rule: Rule, recent: readonly Seen[], subject: string | undefined, now: number): number {
  const last = recent.at(-1);
  const since = now - (last?.at ?? Number.NEGATIVE_INFINITY);
  // A clock that went back says nothing about what is close together.
  if (rule.apart !== undefined && since >= 0 && since < rule.apart) return 0;
  const repeated = subject !== undefined && recent.some((seen) => seen.subject === subject);
  return repeated ? (rule.repetition ?? 1) : 1;
}
