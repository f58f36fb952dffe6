/**
 * What the guard knows, kept: bans and trust go to the store as they come, a second's worth at a time,
 * and come back from it after a restart. A store that fails is told of, and what it did not take is
 * tried again; the guard goes on meanwhile.
 */
import { parseAddress } from '../base/address.ts';
import { type Network, parseNetwork } from '../base/network.ts';
import type { Result } from '../base/result.ts';
import type { Guard } from '../guard/guard.ts';
import type { GuardRecord } from '../guard/record.ts';
import type { Clock } from '../host/clock.ts';
import type { Enforcer, TimedBan } from './enforcer.ts';
import type { Counter, Retention, Store, StoredBan } from '../store/store.ts';

export interface GuardJournalOptions {
  readonly store: Store;
  readonly guard: Guard;
  readonly clock: Clock;
  readonly tell: (record: GuardRecord) => void;
}

const flushMs = 1000;
const pruneMs = 3_600_000;
const retention: Retention = { days: 90, bytes: 256 * 1024 * 1024 };

/** Waiting for a store that fails; beyond it the oldest are let go. */
const mostWaiting = 10_000;

export class GuardJournal {
  readonly #options: GuardJournalOptions;
  #bans: StoredBan[] = [];
  readonly #counts = new Map<string, Counter>();
  #failed = false;
  #prunedAt = Number.NEGATIVE_INFINITY;

  constructor(options: GuardJournalOptions) {
    this.#options = options;
  }

  /** Bans in force before the restart are in force again: in the guard, and where they are missing in the firewall. */
  async restore(enforcer: Enforcer): Promise<Result<number>> {
    const { store, guard, clock } = this.#options;
    const now = clock.now();
    const trust = store.trust();
    if (!trust.ok) return trust;
    for (const { address, ...earned } of trust.value) {
      const known = parseAddress(address);
      if (known !== undefined) guard.trust.restore(known, earned);
    }
    const bans = store.lastBans(now - retention.days * 86_400_000);
    if (!bans.ok) return bans;
    const inForce: TimedBan[] = [];
    const ended: Network[] = [];
    for (const { target: text, until, ended: endedAt, offences } of bans.value) {
      guard.restore(text, endedAt ?? until, offences);
      const target = parseNetwork(text);
      if (target === undefined) continue;
      if (endedAt !== undefined || guard.isAllowed(target)) ended.push(target);
      else if (until > now) inForce.push({ target, until });
    }
    return await enforcer.restore(inForce, ended);
  }

  /** Notes what the guard tells. */
  note(record: GuardRecord): void {
    if (record.type === 'problem') return;
    if (record.type === 'ban') {
      const { at, address, rule, seconds, evidence, network } = record;
      const until = Math.round(at + seconds * 1000);
      for (const target of [address, ...(network === undefined ? [] : [network])]) {
        const offences = this.#options.guard.offences(target, at);
        const reason =
          target === address ? `${evidence.length} sightings` : `several of it, ${address} the last`;
        this.#bans.push({ target, began: at, until, rule, reason, offences, evidence });
      }
    }
    this.#count(Math.floor(record.at / 60_000), record.type === 'ban' ? `ban ${record.rule}` : record.type);
  }

  /** Saves until the signal is aborted, and then what is left. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(flushMs, signal);
      this.#flush();
    }
  }

  /** What came while the guard was stopping. */
  close(): void {
    this.#flush();
    this.#options.store.close();
  }

  #flush(): void {
    const { store, guard, clock } = this.#options;
    const bans = this.#bans;
    const earned = guard.trust.takeChanged();
    const counts = [...this.#counts.values()];
    const now = clock.now();
    if (bans.length + earned.length + counts.length > 0) {
      const trust = earned.map(([address, known]) => ({ address, ...known }));
      const saved = store.save({ bans, trust, counts });
      if (!this.#check(saved)) {
        this.#bans = bans.slice(-mostWaiting);
        return;
      }
      this.#bans = [];
      this.#counts.clear();
    }
    if (now - this.#prunedAt < pruneMs) return;
    this.#prunedAt = now;
    this.#check(store.prune(retention, now));
  }

  /** Tells of a problem once, not each second. */
  #check(outcome: Result<void>): boolean {
    if (!outcome.ok && !this.#failed)
      this.#options.tell({ type: 'problem', at: this.#options.clock.now(), problem: outcome.problem });
    this.#failed = !outcome.ok;
    return outcome.ok;
  }

  #count(minute: number, name: string): void {
    const key = `${minute} ${name}`;
    this.#counts.set(key, { minute, name, count: 1 + (this.#counts.get(key)?.count ?? 0) });
  }
}
