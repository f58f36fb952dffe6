/**
 * What the guard knows, kept: bans, trust, what it has in mind and how far the log was read go to the store
 * together, a second's worth at a time, in one transaction; so after a crash the log is read on from exactly
 * where all of that is true, no sighting counts twice and none is lost.
 *
 * A ban is noted when it is decided, not when the firewall has it: a crash in between loses none. A store that
 * fails is told of, and what it did not take is tried again; the guard goes on meanwhile.
 */
import type { Result } from '../base/result.ts';
import type { ClearPeers } from '../tls/clear-peers.ts';
import type { Guard } from '../guard/guard.ts';
import type { GuardRecord } from '../guard/record.ts';
import type { Clock } from '../host/clock.ts';
import type { Gates } from './gates.ts';
import { jailRule } from './jail-bans.ts';
import { restoreGuard } from './restore-guard.ts';
import { retention } from './retention.ts';
import type {
  Counter,
  LogPosition,
  Store,
  StoredBan,
  StoredHarm,
  StoredIncident,
  StoredMemory,
  StoredTrust,
} from '../store/store.ts';

export interface GuardJournalOptions {
  readonly store: Store;
  readonly guard: Guard;
  /** Kept with it. */
  readonly peers: ClearPeers;
  readonly clock: Clock;
  readonly tell: (record: GuardRecord) => void;
}

const flushMs = 1000;
const pruneMs = 3_600_000;

/** Addresses that have changed since the last save. */
const muchChanged = 1000;

/** Waiting for a store that fails; beyond it the oldest are let go. */
const mostWaiting = 100_000;

export class GuardJournal {
  readonly #options: GuardJournalOptions;
  #bans: StoredBan[] = [];
  /** What could not be saved yet, by its key. */
  readonly #trust = new Map<string, StoredTrust>();
  readonly #harm = new Map<string, StoredHarm>();
  #incidents: StoredIncident[] = [];
  #place: string | undefined;
  #position: () => LogPosition | undefined = () => undefined;
  readonly #counts = new Map<string, Counter>();
  readonly #totals = new Map<string, number>();
  #failed = false;
  #prunedAt = Number.NEGATIVE_INFINITY;

  constructor(options: GuardJournalOptions) {
    this.#options = options;
  }

  /** What the guard knew before the restart it knows again; what has been taken back meanwhile is lifted. */
  restore(gates: Pick<Gates, 'lift'>): Result<void> {
    const { store, guard, peers, clock } = this.#options;
    const restored = restoreGuard(guard, store, clock.now());
    if (!restored.ok) return restored;
    gates.lift(restored.value);
    return store.eachMemory('clear', clock.now(), ({ state }) => {
      peers.restore(state);
    });
  }

  /** Where the log was left when all that is restored was true. */
  placeIn(log: string): string | undefined {
    const place = this.#options.store.position(log);
    this.#check(place);
    return place.ok ? place.value : undefined;
  }

  /** How far the log has been read, from now on: all that came of it up to there has been noted. */
  follow(position: () => LogPosition | undefined): void {
    this.#position = position;
  }

  /** Notes what the guard tells. */
  note(record: GuardRecord): void {
    if (record.type === 'problem') return;
    if (record.type === 'ban') {
      const { at, address, rule, seconds, evidence, network, mailBefore } = record;
      const until = Math.round(at + seconds * 1000);
      for (const target of [address, ...(network === undefined ? [] : [network])]) {
        const offences = this.#options.guard.offences(target, at);
        const own = record.reason ?? `${evidence.length} sightings`;
        const reason = target === address ? own : `several of it, ${address} the last`;
        const harm = { mailBefore: target === address ? mailBefore : 0, attempts: 0, mailLost: 0 };
        this.#bans.push({ target, began: at, until, rule, reason, offences, evidence, ...harm });
      }
    } else if (record.type === 'jail-ban') {
      const { at, address: target, jail, seconds, evidence, offences } = record;
      const until = Math.round(at + seconds * 1000);
      const reason = `${evidence.length} failures shown`;
      const harm = { mailBefore: 0, attempts: 0, mailLost: 0 };
      this.#bans.push({
        target,
        began: at,
        until,
        rule: jailRule(jail),
        reason,
        offences,
        evidence,
        ...harm,
      });
    } else if (record.type === 'incident') {
      const { type: _, at: __, ...incident } = record;
      const { began, ended } = incident;
      this.#incidents.push({ began, ended, summary: JSON.stringify(incident) });
    }
    this.count(record.at, record.type === 'ban' ? `ban ${record.rule}` : record.type);
  }

  /** Counts something by its minute. */
  count(at: number, name: string): void {
    this.#totals.set(name, 1 + (this.#totals.get(name) ?? 0));
    const minute = Math.floor(at / 60_000);
    const key = `${minute} ${name}`;
    this.#counts.set(key, { minute, name, count: 1 + (this.#counts.get(key)?.count ?? 0) });
  }

  /** What has been counted since this process began. */
  totals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#totals);
  }

  /** Saves at once where much has come since: waiting for the second would take the memory for it. */
  relieve(): void {
    if (!this.#failed && this.#options.guard.tally.changes > muchChanged) this.save();
  }

  /** Saves until the signal is aborted, and then what is left. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(flushMs, signal);
      this.save();
    }
  }

  /** What came while the guard was stopping. */
  close(): void {
    this.save();
    this.#options.store.close();
  }

  /** All of one moment. */
  save(): void {
    const { store, guard, peers, clock } = this.#options;
    // Nothing else runs between these lines.
    for (const [address, known] of guard.trust.takeChanged()) this.#trust.set(address, { address, ...known });
    for (const { target, began, attempts, mailLost } of guard.ledger.takeChanged())
      this.#harm.set(`${target} ${began}`, { target, began, attempts, mailLost });
    const reached = this.#position();
    const isFurther = reached !== undefined && reached.place !== this.#place;
    const now = clock.now();
    const maps = [this.#trust, this.#harm, this.#counts];
    const waiting =
      this.#bans.length +
      this.#incidents.length +
      guard.tally.changes +
      peers.changes +
      maps.reduce((sum, { size }) => sum + size, 0);
    if (waiting > 0 || isFurther) {
      const saved = store.save({
        bans: this.#bans,
        trust: [...this.#trust.values()],
        memory: allOf<Omit<StoredMemory, 'state'> & { readonly state: string | undefined }>(
          guard.changed(),
          peers.changed(),
        ),
        harm: [...this.#harm.values()],
        incidents: this.#incidents,
        counts: [...this.#counts.values()],
        ...(isFurther ? { position: reached } : {}),
      });
      if (!this.#check(saved)) {
        this.#bans = this.#bans.slice(-mostWaiting);
        for (const map of [this.#trust, this.#harm]) letGo(map, mostWaiting);
        if (guard.tally.changes > mostWaiting) guard.settle();
        return;
      }
      this.#place = reached?.place;
      this.#bans = [];
      this.#incidents = [];
      for (const map of maps) map.clear();
      guard.settle();
      peers.settle();
    }
    if (now - this.#prunedAt < pruneMs) return;
    this.#prunedAt = now;
    this.#check(store.prune(retention, now));
  }

  /** Tells of a problem once, not each second. */
  #check(outcome: Result<unknown>): boolean {
    if (!outcome.ok && !this.#failed)
      this.#options.tell({ type: 'problem', at: this.#options.clock.now(), problem: outcome.problem });
    this.#failed = !outcome.ok;
    return outcome.ok;
  }
}

function* allOf<One>(...parts: readonly Iterable<One>[]): Generator<One> {
  for (const part of parts) yield* part;
}

/** The oldest of them beyond a number. */
function letGo(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
