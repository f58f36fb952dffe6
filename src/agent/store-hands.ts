/**
 * A person's hands where no agent runs: on what it has kept. A ban is in force when the agent starts; one
 * that is lifted is taken out of the firewall then.
 */
import { parseAddress } from '../base/address.ts';
import { ok, type Result } from '../base/result.ts';
import type { Guard } from '../guard/guard.ts';
import type { Clock } from '../host/clock.ts';
import type { Store, StoredIncident } from '../store/store.ts';
import { readAllowed } from './allowed-by-hand.ts';
import { allowTargets, disallowTargets } from './change-allowed.ts';
import { explanationOf } from './explain-bans.ts';
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
import { bansAround, listBans, notAnAddress } from './live-hands.ts';
import { readTargets } from './read-targets.ts';

export interface StoreHandsOptions {
  readonly store: Store;
  /** With all that the store remembers: it judges nothing here. */
  readonly guard: Guard;
  readonly clock: Clock;
}

const note = 'no agent runs here: this is kept, and carried out when it starts';

export class StoreHands implements GuardHands {
  readonly #options: StoreHandsOptions;

  constructor(options: StoreHandsOptions) {
    this.#options = options;
  }

  ban({ targets: texts, bantime, reason, force }: BanRequest): Result<BanAnswer> {
    const { store, guard, clock } = this.#options;
    const targets = readTargets('ban', texts);
    if (!targets.ok) return targets;
    const began = clock.now();
    const allowed = targets.value.filter((target) => guard.isAllowed(target));
    const wanted = force ? targets.value : targets.value.filter((target) => !allowed.includes(target));
    const banned = wanted.map(({ text }) => guard.ban(text, bantime, began));
    const saved = store.save({
      bans: banned.map(({ target, until, mailBefore }) => ({
        target,
        began,
        until,
        rule: 'manual',
        reason,
        offences: guard.offences(target, began),
        evidence: [],
        mailBefore,
        attempts: 0,
        mailLost: 0,
      })),
    });
    if (!saved.ok) return saved;
    return ok({
      banned: banned.map(({ target, until, mailBefore }) => ({ target, until, mailBefore })),
      refused: force ? [] : allowed.map(({ text }) => text),
      note,
    });
  }

  unban({ targets: texts }: UnbanRequest): Result<UnbanAnswer> {
    const { store, clock } = this.#options;
    const targets = readTargets('unban', texts);
    if (!targets.ok) return targets;
    const unbanned: string[] = [];
    const unknown: string[] = [];
    for (const { text } of targets.value) {
      const ended = store.endBans(text, clock.now());
      if (!ended.ok) return ended;
      (ended.value > 0 ? unbanned : unknown).push(text);
    }
    return ok({ unbanned, unknown, note });
  }

  allow(request: AllowRequest): Result<AllowAnswer> {
    const { guard, store, clock } = this.#options;
    const hands = {
      guard,
      store,
      now: clock.now(),
      flush: () => undefined,
      unban: (some: UnbanRequest) => this.unban(some),
    };
    const allowed = allowTargets(hands, request);
    return allowed.ok ? ok({ ...allowed.value, note }) : allowed;
  }

  disallow({ targets }: UnbanRequest): Result<DisallowAnswer> {
    const removed = disallowTargets(this.#options, targets);
    return removed.ok ? ok({ ...removed.value, note }) : removed;
  }

  allowed(): Result<readonly AllowedTarget[]> {
    return readAllowed(this.#options.store);
  }

  bans(query: BansQuery): Result<readonly ListedBan[]> {
    return listBans(this.#options.store, query, this.#options.clock.now());
  }

  explain(text: string): Result<Explanation> {
    const { store, guard, clock } = this.#options;
    const address = parseAddress(text);
    if (address === undefined) return notAnAddress(text);
    const now = clock.now();
    const bans = bansAround(store, address);
    return bans.ok ? ok(explanationOf(guard.explain(address, now), bans.value, now)) : bans;
  }

  incidents(from: number, to: number): Result<readonly StoredIncident[]> {
    return this.#options.store.incidents(from, to);
  }
}
