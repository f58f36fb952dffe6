/** A store that lasts as long as the process: for tests, and where no file can be kept. */
import { ok, type Result } from '../base/result.ts';
import type {
  BanQuery,
  BanSearch,
  Batch,
  Counter,
  FoundBans,
  Retention,
  Store,
  StoredBan,
  StoredIncident,
  StoredMemory,
  StoredTrust,
} from './store.ts';

const dayMs = 86_400_000;

export class MemoryStore implements Store {
  #bans: StoredBan[] = [];
  readonly #trust = new Map<string, StoredTrust>();
  readonly #memory = new Map<string, StoredMemory>();
  readonly #positions = new Map<string, string>();
  readonly #counters = new Map<string, Counter>();

  readonly #incidents = new Map<number, StoredIncident>();

  save(batch: Batch): Result<void> {
    const { bans = [], trust = [], memory = [], harm = [], incidents = [], position, counts = [] } = batch;
    this.#bans.push(...bans);
    for (const { target, began, ...counted } of harm)
      this.#bans = this.#bans.map((ban) =>
        ban.target === target && ban.began === began ? { ...ban, ...counted } : ban,
      );
    for (const incident of incidents) this.#incidents.set(incident.began, incident);
    for (const one of trust) this.#trust.set(one.address, one);
    for (const { state, ...one } of memory) {
      const key = `${one.kind} ${one.key}`;
      if (state === undefined) this.#memory.delete(key);
      else this.#memory.set(key, { ...one, state });
    }
    if (position !== undefined) this.#positions.set(position.path, position.place);
    for (const { minute, name, count } of counts) {
      const key = `${minute} ${name}`;
      this.#counters.set(key, { minute, name, count: count + (this.#counters.get(key)?.count ?? 0) });
    }
    return ok();
  }

  eachInForce(now: number, use: (target: string, until: number, rule: string) => void): Result<void> {
    for (const { target, until, ended, rule } of this.#bans)
      if (ended === undefined && until > now) use(target, until, rule);
    return ok();
  }

  lastBans(since: number): Result<readonly Omit<StoredBan, 'evidence'>[]> {
    const last = new Map(this.#bans.map((ban) => [ban.target, ban]));
    const found = [...last.values()].filter(({ until }) => until > since);
    return ok(found.map(withoutEvidence).toSorted(byTarget));
  }

  bansOf(target: string): Result<readonly StoredBan[]> {
    return ok(this.#bans.filter((ban) => ban.target === target));
  }

  bans({ from, to, search = '', rule, limit }: BanQuery): Result<readonly Omit<StoredBan, 'evidence'>[]> {
    const wanted = search.toLowerCase();
    const found = this.#bans
      .filter((ban) => (ban.ended ?? ban.until) > from && ban.began < to)
      .filter((ban) => rule === undefined || ban.rule === rule)
      .filter((ban) =>
        [ban.target, ban.rule, ban.reason].some((text) => text.toLowerCase().includes(wanted)),
      );
    const newest = found.toReversed().toSorted((one, other) => other.began - one.began);
    return ok(newest.slice(0, limit).map(withoutEvidence));
  }

  incidents(from: number, to: number): Result<readonly StoredIncident[]> {
    const found = [...this.#incidents.values()].filter(({ began, ended }) => ended >= from && began < to);
    return ok(found.toSorted((one, other) => one.began - other.began));
  }

  endBans(target: string, now: number): Result<number> {
    let ended = 0;
    this.#bans = this.#bans.map((ban) => {
      if (ban.target !== target || ban.ended !== undefined || ban.until <= now) return ban;
      ended += 1;
      return { ...ban, ended: now };
    });
    return ok(ended);
  }

  bansInForce(now: number, { search, limit }: BanSearch): Result<FoundBans> {
    const found = this.#bans.filter(
      ({ target, rule, until, ended }) =>
        ended === undefined && until > now && (target.includes(search) || rule.includes(search)),
    );
    return ok({ bans: found.toReversed().slice(0, limit).map(withoutEvidence), total: found.length });
  }

  trustOf(address: string): Result<StoredTrust | undefined> {
    return ok(this.#trust.get(address));
  }

  trust(): Result<readonly StoredTrust[]> {
    return ok([...this.#trust.values()].toSorted((one, other) => one.at - other.at));
  }

  eachMemory(kind: string, since: number, use: (memory: StoredMemory) => void): Result<void> {
    const found = [...this.#memory.values()].filter((one) => one.kind === kind && one.at > since);
    for (const one of found.toSorted((a, b) => a.at - b.at)) use(one);
    return ok();
  }

  position(path: string): Result<string | undefined> {
    return ok(this.#positions.get(path));
  }

  counts(from: number, to: number): Result<readonly Counter[]> {
    const found = [...this.#counters.values()].filter(({ minute }) => minute >= from && minute < to);
    return ok(found.toSorted((one, other) => one.minute - other.minute || (one.name < other.name ? -1 : 1)));
  }

  series(from: number, step: number, places: number): Result<ReadonlyMap<string, readonly number[]>> {
    const sums = new Map<string, number[]>();
    for (const { minute, name, count } of this.#counters.values()) {
      const place = Math.floor((minute - from) / step);
      if (place < 0 || place >= places) continue;
      const row = sums.getOrInsertComputed(name, () => Array.from({ length: places }, () => 0));
      row[place] = (row[place] ?? 0) + count;
    }
    return ok(sums);
  }

  prune({ days, bytes, memory }: Retention, now: number): Result<void> {
    const before = now - days * dayMs;
    const isOver = ({ until, ended }: StoredBan): boolean => ended !== undefined || until <= now;
    this.#bans = this.#bans.filter((ban) => !isOver(ban) || (ban.ended ?? ban.until) > before);
    for (const [began, { ended }] of this.#incidents) if (ended <= before) this.#incidents.delete(began);
    for (const [address, { at }] of this.#trust) if (at <= before) this.#trust.delete(address);
    for (const [key, { minute }] of this.#counters) if (minute * 60_000 <= before) this.#counters.delete(key);
    for (const [key, { at }] of this.#memory) if (at <= now - memory) this.#memory.delete(key);
    let size = this.#bans.reduce((sum, ban) => sum + sizeOf(ban), 0);
    this.#bans = this.#bans.filter((ban) => {
      if (size <= bytes || !isOver(ban)) return true;
      size -= sizeOf(ban);
      return false;
    });
    return ok();
  }

  close(): void {
    // There is nothing to let go of.
  }
}

function withoutEvidence(ban: StoredBan): Omit<StoredBan, 'evidence'> {
  const { evidence: _, ...shown } = ban;
  return shown;
}

function byTarget(one: { readonly target: string }, other: { readonly target: string }): number {
  return one.target < other.target ? -1 : 1;
}

function sizeOf({ target, evidence }: StoredBan): number {
  return evidence.reduce((sum, line) => sum + line.length, 200 + target.length);
}
