/**
 * Counts sightings by address and kind over a sliding time, and gives a verdict when a rule's
 * measure is full, or when a decaying score over all kinds is. No clock, no file, no socket: the time
 * is an argument, so the same tally runs live, in replay and in tests.
 *
 * Memory is bounded, and claimed in flat arrays: a million addresses take some ninety megabytes, with two million sightings. When
 * it is used up, who holds nothing any more is forgotten first, then who is farthest from a verdict,
 * the longest quiet first; so a flood of new addresses pushes out the flood, not those near a verdict.
 */
import type { Address } from '../base/address.ts';
import { addressWords } from '../base/address-words.ts';
import { networkOfWords } from '../base/network.ts';
import { AddressTable } from './address-table.ts';
import { Evidence } from './evidence.ts';
import { type HashKey, hashText, randomKey } from './keyed-hash.ts';
import type { Remembered } from './remembered.ts';
import { defaultScore, type Rule, type ScoreRule } from './rule.ts';
import { endOfChain, SightingPool, type StoredSighting } from './sighting-pool.ts';
import { type SightingKind, sightingKinds } from './sighting-kind.ts';
import type { Sighting } from './sighting.ts';
import type { Verdict } from './verdict.ts';

export interface TallyOptions {
  readonly score?: ScoreRule;
  /** Of the hashes; random without it. */
  readonly key?: HashKey;
}

/** Quarters of the way to a verdict. */
const ranks = 4;
const nearRank = 2;

/** Of one address: more than any rule's measure can take. */
const mostSightings = 1024;

/** Of one sighting: kind, time, hash of its subject, whether it repeats one, and near a verdict its line. */
type StoredRow = [name: string, at: number, subject: number | null, repeats: 0 | 1, line?: string];

/** Of one address: score, the time that it is of, nearness to a verdict, sightings, the oldest first. */
type StoredRecord = [score: number, seenAt: number, rank: number, seen: readonly StoredRow[]];

/** What the tally has in mind of an address. */
export interface Peeked {
  readonly score: number;
  readonly sightings: readonly {
    readonly kind: SightingKind;
    readonly at: number;
    readonly repeats: boolean;
    /** As long as it is kept. */
    readonly line?: string;
  }[];
}

/** Lines of a verdict. */
const mostEvidence = 20;

export class Tally {
  #rules: readonly Rule[];
  #score: ScoreRule;
  readonly #key: HashKey;
  readonly #table: AddressTable;
  readonly #pool: SightingPool;
  readonly #evidence = new Evidence();
  readonly #heads: Int32Array;
  readonly #seenAt: Float64Array;
  readonly #scores: Float64Array;
  /** After this time an address holds nothing that counts. */
  #memory: number;
  readonly #changed = new Set<Address>();
  /** Whether lines are kept as evidence; without them, counting costs less. */
  keepsLines = true;

  constructor(
    rules: Readonly<Record<SightingKind, Rule>>,
    capacity = 1_000_000,
    { score = defaultScore, key = randomKey() }: TallyOptions = {},
  ) {
    this.#rules = sightingKinds.map((kind) => rules[kind]);
    this.#score = score;
    this.#key = key;
    this.#table = new AddressTable(capacity, ranks, key);
    this.#pool = new SightingPool(capacity * 2 + mostSightings);
    this.#heads = new Int32Array(capacity);
    this.#seenAt = new Float64Array(capacity);
    this.#scores = new Float64Array(capacity);
    this.#memory = memoryOf(this.#rules, score);
  }

  /** From now on it counts by other rules; what it has seen stays. */
  adopt(rules: Readonly<Record<SightingKind, Rule>>, score: ScoreRule): void {
    this.#rules = sightingKinds.map((kind) => rules[kind]);
    this.#score = score;
    this.#memory = memoryOf(this.#rules, score);
  }

  get size(): number {
    return this.#table.size;
  }

  /**
   * `now` in milliseconds since 1970; a clock that jumps back forgets nothing and counts on. With
   * `patience` 2 every measure is twice as large.
   */
  see(sighting: Sighting, now: number, patience = 1): Verdict | undefined {
    const { address, line, subject } = sighting;
    const kind = sightingKinds.indexOf(sighting.kind);
    this.#changed.add(address);
    const rule = this.#rules[kind] as Rule;
    const record = this.#recordOf(sighting, now);
    const recent = this.#forgetOld(record, now);
    const hash = subject === undefined ? undefined : hashText(this.#key, subject);
    const alike = recent.filter((seen) => seen.kind === kind);
    const repeats = hash !== undefined && alike.some((seen) => seen.subject === hash);
    const isTogether = rule.apart !== undefined && areTogether(alike, rule.apart, now);
    const weight = isTogether ? 0 : repeats ? (rule.repetition ?? 1) : 1;
    if (weight > 0) this.#add(record, { kind, at: now, subject: hash, repeats }, line, now);
    const score = this.#scored(record, weight * (rule.weight ?? 0), now);
    const seen = this.#pool.chain(this.#heads[record] ?? endOfChain);
    const full = this.#sum(seen, kind) >= rule.maxretry * patience;
    if (full || score >= this.#score.threshold * patience) {
      const counted = full ? seen.filter((one) => one.kind === kind) : seen;
      const evidence = counted
        .slice(0, mostEvidence)
        .flatMap(({ number }) => this.#evidence.get(number) ?? []);
      this.#heads[record] = this.#drop(seen, (one) => full && one.kind !== kind);
      this.#scores[record] = 0;
      this.#table.use(record, 0);
      const name = sighting.kind === 'turned-away' ? 'hammering' : sighting.kind;
      return {
        address,
        rule: full ? name : 'score',
        bantime: full ? rule.bantime : this.#score.bantime,
        evidence: evidence.toReversed(),
      };
    }
    this.#rank(record, seen, score, patience);
    return undefined;
  }

  /** What it has in mind of an address, the oldest first; undefined where that is nothing. */
  peek(address: Address, now: number): Peeked | undefined {
    const record = this.#table.find(addressWords(address));
    if (record === -1) return undefined;
    const chain = this.#pool.chain(this.#heads[record] ?? endOfChain).toReversed();
    const since = Math.max(0, now - (this.#seenAt[record] ?? now));
    const score = (this.#scores[record] ?? 0) * 2 ** (-since / this.#score.halfLife);
    const sightings = chain.flatMap(({ kind, at, repeats, number }) => {
      const name = sightingKinds[kind];
      const line = this.#evidence.get(number);
      return name === undefined ? [] : [{ kind: name, at, repeats, ...(line === undefined ? {} : { line }) }];
    });
    return { score, sightings };
  }

  /** How many addresses have changed since `settle`. */
  get changes(): number {
    return this.#changed.size;
  }

  /** What has changed since `settle`, one after the other: all at once would take as much again. */
  *changed(): Generator<Remembered> {
    for (const address of this.#changed) yield this.#remembered(address);
  }

  /** What has changed so far is kept. */
  settle(): void {
    this.#changed.clear();
  }

  /** What was in mind before a restart, of the oldest address first; what does not fit any more is left out. */
  restore({ key, state }: Remembered): void {
    if (state === undefined || this.#table.isFull) return;
    const [score, seenAt, rank, seen] = JSON.parse(state) as StoredRecord;
    const words = addressWords(key as Address);
    if (this.#table.find(words) !== -1) return;
    const record = this.#table.add(words);
    this.#heads[record] = endOfChain;
    this.#scores[record] = score;
    this.#seenAt[record] = seenAt;
    for (const [name, at, subject, repeats, line] of seen) {
      const kind = sightingKinds.findIndex((known) => known === name);
      if (kind === -1 || this.#pool.isFull) continue;
      const one = { kind, at, subject: subject ?? undefined, repeats: repeats === 1 };
      const number = this.#pool.add(this.#heads[record] ?? endOfChain, one);
      this.#heads[record] = number;
      if (line === undefined) continue;
      this.#evidence.add(number, line);
      this.#evidence.keep(number);
    }
    this.#table.use(record, rank);
  }

  #remembered(address: Address): Remembered {
    const record = this.#table.find(addressWords(address));
    const nothing = { kind: 'tally' as const, key: address, at: 0, state: undefined };
    if (record === -1) return nothing;
    const chain = this.#pool.chain(this.#heads[record] ?? endOfChain);
    const score = this.#scores[record] ?? 0;
    if (chain.length === 0 && score === 0) return nothing;
    const at = this.#seenAt[record] ?? 0;
    const rank = this.#table.rankOf(record);
    const seen = chain.toReversed().map(({ number, kind, at: seenAt, subject, repeats }): StoredRow => {
      const name = sightingKinds[kind] ?? '';
      const line = rank >= nearRank ? this.#evidence.get(number) : undefined;
      const more: [string?] = line === undefined ? [] : [line];
      return [name, seenAt, subject ?? null, repeats ? 1 : 0, ...more];
    });
    const stored: StoredRecord = [score, at, rank, seen];
    return { kind: 'tally', key: address, at, state: JSON.stringify(stored) };
  }

  #recordOf({ address }: Sighting, now: number): number {
    const words = addressWords(address);
    let record = this.#table.find(words);
    if (record === -1) {
      if (this.#table.isFull) this.#giveUp(now, -1);
      record = this.#table.add(words);
      this.#heads[record] = endOfChain;
      this.#scores[record] = 0;
      this.#seenAt[record] = now;
    } else this.#table.use(record, this.#table.rankOf(record));
    return record;
  }

  /** What of an address still counts, the newest first. */
  #forgetOld(record: number, now: number): readonly StoredSighting[] {
    const chain = this.#pool.chain(this.#heads[record] ?? endOfChain);
    const isOld = ({ kind, at }: StoredSighting): boolean => now - at >= (this.#rules[kind]?.findtime ?? 0);
    if (!chain.some(isOld)) return chain;
    this.#heads[record] = this.#drop(chain, (seen) => !isOld(seen));
    return chain.filter((seen) => !isOld(seen));
  }

  #add(record: number, seen: Omit<StoredSighting, 'number'>, line: string, now: number): void {
    const chain = this.#pool.chain(this.#heads[record] ?? endOfChain);
    if (chain.length >= mostSightings) {
      const last = chain.at(-1);
      this.#heads[record] = this.#drop(chain, (one) => one !== last);
    }
    while (this.#pool.isFull) this.#giveUp(now, record);
    const number = this.#pool.add(this.#heads[record] ?? endOfChain, seen);
    this.#heads[record] = number;
    if (this.keepsLines) this.#evidence.add(number, line);
  }

  #scored(record: number, more: number, now: number): number {
    const since = Math.max(0, now - (this.#seenAt[record] ?? now));
    const score = (this.#scores[record] ?? 0) * 2 ** (-since / this.#score.halfLife) + more;
    this.#scores[record] = score;
    this.#seenAt[record] = now;
    return score;
  }

  /** Of one kind, the oldest first: sums of fractions come out alike however they are stored. */
  #sum(seen: readonly StoredSighting[], kind: number): number {
    const repetition = this.#rules[kind]?.repetition ?? 1;
    return seen.reduceRight(
      (sum, one) => (one.kind === kind ? sum + (one.repeats ? repetition : 1) : sum),
      0,
    );
  }

  #rank(record: number, seen: readonly StoredSighting[], score: number, patience: number): void {
    const kinds = new Set(seen.map(({ kind }) => kind));
    const measures = [...kinds].map((kind) => this.#sum(seen, kind) / (this.#rules[kind]?.maxretry ?? 1));
    const nearness = Math.max(score / this.#score.threshold, ...measures) / patience;
    const rank = Math.min(ranks - 1, Math.floor(nearness * ranks));
    if (rank >= nearRank) for (const { number } of seen) this.#evidence.keep(number);
    this.#table.use(record, rank);
  }

  #giveUp(now: number, except: number): void {
    const oldest = Array.from({ length: ranks }, (_, rank) => this.#table.oldest(rank)).filter(
      (record) => record !== -1 && record !== except,
    );
    const stale = oldest.find((record) => now - (this.#seenAt[record] ?? now) >= this.#memory);
    const record = stale ?? oldest[0];
    if (record === undefined) throw new Error('one address holds all sightings');
    this.#drop(this.#pool.chain(this.#heads[record] ?? endOfChain), () => false);
    this.#changed.add(networkOfWords(this.#table.wordsOf(record), 128).text as Address);
    this.#table.remove(record);
  }

  #drop(chain: readonly StoredSighting[], kept: (seen: StoredSighting) => boolean): number {
    for (const seen of chain) if (!kept(seen)) this.#evidence.forget(seen.number);
    return this.#pool.keep(chain, kept);
  }
}

function memoryOf(rules: readonly Rule[], { halfLife }: ScoreRule): number {
  return Math.max(halfLife * 4, ...rules.map(({ findtime }) => findtime));
}

const second = 1000;

/**
 * Whether a sighting is too close to those before it (the newest first) to count. A clock that went back says
 * nothing about what is close together.
 */
function areTogether(alike: readonly StoredSighting[], apart: number, now: number): boolean {
  if (apart >= second) {
    const since = now - (alike[0]?.at ?? Number.NEGATIVE_INFINITY);
    return since >= 0 && since < apart;
  }
  if (apart === 0) return false;
  const since = now - (alike[Math.ceil(second / apart) - 1]?.at ?? Number.NEGATIVE_INFINITY);
  return since >= 0 && since <= second;
}
