/** A person's hands on a running guard: what is done is judged, enforced and kept like the guard's own bans. */
import { parseAddress } from '../base/address.ts';
import { networkOf } from '../base/network.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Guard } from '../guard/guard.ts';
import type { GuardRecord } from '../guard/record.ts';
import type { Clock } from '../host/clock.ts';
import type { Store, StoredBan, StoredIncident } from '../store/store.ts';
import { readAllowed } from './allowed-by-hand.ts';
import { allowTargets, disallowTargets } from './change-allowed.ts';
import { explanationOf, isInForce } from './explain-bans.ts';
import type { Gates } from './gates.ts';
import type {
  AllowAnswer,
  AllowedTarget,
  AllowRequest,
  BanAnswer,
  BanRequest,
  BansQuery,
  DisallowAnswer,
  Explanation,
  GuardHands,
  ListedBan,
  UnbanAnswer,
  UnbanRequest,
} from './guard-hands.ts';
import type { JailReleases } from './jail-releases.ts';
import { readTargets } from './read-targets.ts';

export interface LiveHandsOptions {
  readonly guard: Guard;
  readonly gates: Gates;
  readonly store: Store;
  /** Saves what has been noted: the store answers for all of it then. */
  readonly flush: () => void;
  readonly tell: (record: GuardRecord) => void;
  readonly releases: JailReleases;
  readonly clock: Clock;
}

export class LiveHands implements GuardHands {
  readonly #options: LiveHandsOptions;

  constructor(options: LiveHandsOptions) {
    this.#options = options;
  }

  ban({ targets: texts, bantime, reason, force, by }: BanRequest): Result<BanAnswer> {
    const { guard, gates, tell, clock } = this.#options;
    const targets = readTargets('ban', texts);
    if (!targets.ok) return targets;
    const at = clock.now();
    const allowed = targets.value.filter((target) => guard.isAllowed(target));
    const wanted = force ? targets.value : targets.value.filter((target) => !allowed.includes(target));
    const banned = wanted.map((target) => {
      const { until, mailBefore } = guard.ban(target.text, bantime, at);
      const seconds = bantime / 1000;
      tell({
        type: 'ban',
        at,
        address: target.text,
        rule: 'manual',
        seconds,
        evidence: [],
        mailBefore,
        reason,
        by,
      });
      return { target, until, mailBefore };
    });
    gates.all.add(banned);
    return ok({
      banned: banned.map(({ target, ...more }) => ({ target: target.text, ...more })),
      refused: force ? [] : allowed.map(({ text }) => text),
    });
  }

  unban({ targets: texts, by }: UnbanRequest): Result<UnbanAnswer> {
    const { guard, gates, store, flush, tell, clock, releases } = this.#options;
    const targets = readTargets('unban', texts);
    if (!targets.ok) return targets;
    flush();
    const at = clock.now();
    const unbanned: string[] = [];
    const unknown: string[] = [];
    for (const { text } of targets.value) {
      const ended = store.endBans(text, at);
      if (!ended.ok) return ended;
      const wasBanned = guard.pardon(text, at) || ended.value > 0;
      (wasBanned ? unbanned : unknown).push(text);
      if (wasBanned) tell({ type: 'unban', at, target: text, by });
    }
    gates.lift(targets.value);
    releases.release(targets.value);
    return ok({ unbanned, unknown });
  }

  allow(request: AllowRequest): Result<AllowAnswer> {
    const { guard, store, flush, clock } = this.#options;
    const hands = {
      guard,
      store,
      now: clock.now(),
      flush,
      unban: (some: UnbanRequest) => this.unban(some),
    };
    return allowTargets(hands, request);
  }

  disallow({ targets }: UnbanRequest): Result<DisallowAnswer> {
    return disallowTargets(this.#options, targets);
  }

  allowed(): Result<readonly AllowedTarget[]> {
    return readAllowed(this.#options.store);
  }

  bans(query: BansQuery): Result<readonly ListedBan[]> {
    this.#options.flush();
    return listBans(this.#options.store, query, this.#options.clock.now());
  }

  explain(text: string): Result<Explanation> {
    const { guard, store, flush, clock } = this.#options;
    const address = parseAddress(text);
    if (address === undefined) return notAnAddress(text);
    flush();
    const now = clock.now();
    const bans = bansAround(store, address);
    return bans.ok ? ok(explanationOf(guard.explain(address, now), bans.value, now)) : bans;
  }

  incidents(from: number, to: number): Result<readonly StoredIncident[]> {
    this.#options.flush();
    return this.#options.store.incidents(from, to);
  }
}

export function listBans(store: Store, query: BansQuery, now: number): Result<readonly ListedBan[]> {
  const { from = now, to = now + 1, search, rule, limit } = query;
  const listed = store.bans({
    from,
    to,
    limit,
    ...(search === undefined ? {} : { search }),
    ...(rule === undefined ? {} : { rule }),
  });
  return listed.ok ? ok(listed.value.map((ban) => ({ ...ban, inForce: isInForce(ban, now) }))) : listed;
}

/** Bans of an address and of every network that it is in, the oldest first. */
export function bansAround(
  store: Store,
  address: NonNullable<ReturnType<typeof parseAddress>>,
): Result<readonly StoredBan[]> {
  const found: StoredBan[] = [];
  const texts = new Set(Array.from({ length: 129 }, (_, bits) => networkOf(address, bits).text));
  for (const text of texts) {
    const bans = store.bansOf(text);
    if (!bans.ok) return bans;
    found.push(...bans.value);
  }
  return ok(found.toSorted((one, other) => one.began - other.began));
}

export function notAnAddress(text: string): Result<never> {
  return fail(
    'usage',
    `cannot explain ${JSON.stringify(text.slice(0, 60))}: needs one address: it is ${text.includes('/') ? 'a network, or none' : 'none'}`,
    { hint: 'write it like 192.0.2.1 or 2001:db8::1; guard bans --search finds networks' },
  );
}
