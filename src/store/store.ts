/**
 * What every store promises. `contract.test.ts` runs on all of them.
 *
 * - What `save` was given is kept whole or not at all; once it has returned, a killed process loses none.
 * - What cannot be kept is a problem, never a throw: the guard goes on without.
 * - It is bounded: `prune` forgets what is old, and the oldest of what is too much; never a ban in force.
 */
import type { Result } from '../base/result.ts';

export interface Store {
  save(batch: Batch): Result<void>;
  /** The bans in force, in no order, and little of each: soon read, however many there are. */
  eachInForce(now: number, use: (target: string, until: number, rule: string) => void): Result<void>;
  /** Each target's newest ban that ends after a time, without its evidence. */
  lastBans(since: number): Result<readonly Omit<StoredBan, 'evidence'>[]>;
  /** All bans of a target, the oldest first. */
  bansOf(target: string): Result<readonly StoredBan[]>;
  /** The newest first, without their evidence. */
  bans(query: BanQuery): Result<readonly Omit<StoredBan, 'evidence'>[]>;
  /** Those that were going on between two times, the oldest first. */
  incidents(from: number, to: number): Result<readonly StoredIncident[]>;
  /** Ends the bans of a target that are in force. Returns how many there were. */
  endBans(target: string, now: number): Result<number>;
  /** Bans in force, the newest first; `total` counts those beyond the limit too. */
  bansInForce(now: number, which: BanSearch): Result<FoundBans>;
  trust(): Result<readonly StoredTrust[]>;
  trustOf(address: string): Result<StoredTrust | undefined>;
  /** What of a kind was in mind when it was saved last and has been touched since a time, the oldest first. */
  eachMemory(kind: string, since: number, use: (memory: StoredMemory) => void): Result<void>;
  /** How far a log was read when it was saved last, as it was given; undefined where it never was. */
  position(path: string): Result<string | undefined>;
  /** From the first minute to before the second, by minute and name. */
  counts(from: number, to: number): Result<readonly Counter[]>;
  /** Counters from a minute on, in `places` sums of `step` minutes each, by name. */
  series(from: number, step: number, places: number): Result<ReadonlyMap<string, readonly number[]>>;
  prune(keep: Retention, now: number): Result<void>;
  close(): void;
}

export interface Batch {
  readonly bans?: readonly StoredBan[];
  /** In the place of what was known of each address. */
  readonly trust?: readonly StoredTrust[];
  /** In the place of what was known of each kind and key; without a state it is forgotten. */
  readonly memory?: Iterable<Omit<StoredMemory, 'state'> & { readonly state: string | undefined }>;
  readonly position?: LogPosition;
  /** What is known by now of bans that were saved before. */
  readonly harm?: readonly StoredHarm[];
  /** In the place of what was saved of one that began at that time. */
  readonly incidents?: readonly StoredIncident[];
  /** Added to those of the same minute and name. */
  readonly counts?: readonly Counter[];
}

export interface StoredBan {
  /** An address or a network. */
  readonly target: string;
  readonly began: number;
  readonly until: number;
  /** When it was taken back, if it was. */
  readonly ended?: number;
  readonly rule: string;
  readonly reason: string;
  /** Which ban of this target it is, the forgotten ones left out. */
  readonly offences: number;
  readonly evidence: readonly string[];
  /** Messages that were accepted from it before the ban. */
  readonly mailBefore: number;
  /** What it tried during the ban. */
  readonly attempts: number;
  /** Messages that were accepted from it during the ban: what enforcing it would have cost. */
  readonly mailLost: number;
}

/** The newest ban of a target that began at that time. */
export interface StoredHarm {
  readonly target: string;
  readonly began: number;
  readonly attempts: number;
  readonly mailLost: number;
}

export interface StoredIncident {
  readonly began: number;
  readonly ended: number;
  /** JSON, as its teller has it. */
  readonly summary: string;
}

export interface BanQuery {
  /** That were in force at some time from here on. */
  readonly from: number;
  /** That began before. */
  readonly to: number;
  /** In their target, rule or reason. */
  readonly search?: string;
  readonly rule?: string;
  readonly limit: number;
}

export interface BanSearch {
  /** A part of the target or of the rule; empty for all. */
  readonly search: string;
  readonly limit: number;
}

export interface FoundBans {
  readonly bans: readonly Omit<StoredBan, 'evidence'>[];
  readonly total: number;
}

export interface StoredTrust {
  readonly address: string;
  readonly credit: number;
  readonly at: number;
  readonly messages: number;
  readonly logins: number;
}

export interface StoredMemory {
  readonly kind: string;
  readonly key: string;
  readonly at: number;
  readonly state: string;
}

export interface LogPosition {
  readonly path: string;
  /** Whatever tells the place, in the words of who reads the log. */
  readonly place: string;
}

export interface Counter {
  readonly minute: number;
  readonly name: string;
  readonly count: number;
}

export interface Retention {
  /** Bans that ended, trust and counters are kept so long. */
  readonly days: number;
  /** What is in mind is kept so long, in milliseconds. */
  readonly memory: number;
  readonly bytes: number;
}
