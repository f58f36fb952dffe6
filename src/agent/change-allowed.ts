/** Whom a person lets be, and no more: kept in the store, and in the guard's mind at once. */
import { ok, type Result } from '../base/result.ts';
import type { Guard } from '../guard/guard.ts';
import type { Store } from '../store/store.ts';
import { bansUpon, forgetAllowed, keepAllowed, networksOf, readAllowed } from './allowed-by-hand.ts';
import type { AllowAnswer, AllowRequest, DisallowAnswer, UnbanAnswer, UnbanRequest } from './guard-hands.ts';
import { readTargets } from './read-targets.ts';

export interface AllowedHands {
  readonly guard: Guard;
  readonly store: Store;
  readonly now: number;
  /** Saves what has been noted, where something may be. */
  readonly flush: () => void;
  readonly unban: (request: UnbanRequest) => Result<UnbanAnswer>;
}

export function allowTargets(
  hands: AllowedHands,
  { targets: texts, reason, by }: AllowRequest,
): Result<AllowAnswer> {
  const { guard, store, now, flush, unban } = hands;
  const targets = readTargets('allow', texts);
  if (!targets.ok) return targets;
  const kept = keepAllowed(store, targets.value, { reason, by, at: now });
  if (!kept.ok) return kept;
  const allowed = readAllowed(store);
  if (!allowed.ok) return allowed;
  guard.allowByHand(networksOf(allowed.value));
  flush();
  const hit = bansUpon(store, targets.value, now);
  if (!hit.ok) return hit;
  const lifted = hit.value.length === 0 ? undefined : unban({ targets: hit.value, by });
  if (lifted?.ok === false) return lifted;
  return ok({
    allowed: targets.value.map(({ text }) => text),
    unbanned: lifted?.value.unbanned ?? [],
  });
}

export function disallowTargets(
  { guard, store }: Pick<AllowedHands, 'guard' | 'store'>,
  texts: readonly string[],
): Result<DisallowAnswer> {
  const targets = readTargets('allow no more', texts);
  if (!targets.ok) return targets;
  const before = readAllowed(store);
  if (!before.ok) return before;
  const known = new Set(before.value.map(({ target }) => target));
  const removed = targets.value.filter(({ text }) => known.has(text));
  const forgotten = forgetAllowed(store, removed);
  if (!forgotten.ok) return forgotten;
  const gone = new Set(removed.map(({ text }) => text));
  guard.allowByHand(networksOf(before.value.filter(({ target }) => !gone.has(target))));
  return ok({
    removed: [...gone],
    unknown: targets.value.flatMap(({ text }) => (gone.has(text) ? [] : [text])),
  });
}
