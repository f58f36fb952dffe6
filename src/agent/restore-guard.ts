/** What the store remembers, back in a guard's mind. */
import { parseAddress } from '../base/address.ts';
import { type Network, parseNetwork } from '../base/network.ts';
import { ok, type Result } from '../base/result.ts';
import type { Guard } from '../guard/guard.ts';
import type { Store } from '../store/store.ts';
import { networksOf, readAllowed } from './allowed-by-hand.ts';
import { isJailRule } from './jail-bans.ts';
import { isPardoned } from './restore-bans.ts';
import { retention } from './retention.ts';

const dayMs = 86_400_000;

/** Returns the targets that must not be banned any more: taken back, or allowed since. */
export function restoreGuard(guard: Guard, store: Store, now: number): Result<readonly Network[]> {
  const allowed = readAllowed(store);
  if (!allowed.ok) return allowed;
  guard.allowByHand(networksOf(allowed.value));
  const trust = store.trust();
  if (!trust.ok) return trust;
  for (const { address, ...earned } of trust.value) {
    const known = parseAddress(address);
    if (known !== undefined) guard.trust.restore(known, earned);
  }
  const bans = store.lastBans(now - retention.days * dayMs);
  if (!bans.ok) return bans;
  const ended: Network[] = [];
  for (const ban of bans.value) {
    const { target: text, until, ended: endedAt, offences, rule } = ban;
    if (isJailRule(rule)) continue;
    guard.restore(text, endedAt ?? until, offences, ban);
    if (until <= now) continue;
    const target = parseNetwork(text);
    if (target === undefined) continue;
    if (endedAt !== undefined || isPardoned(target, rule, (one) => guard.isAllowed(one))) ended.push(target);
  }
  for (const kind of ['tally', 'widening', 'login'] as const) {
    const remembered = store.eachMemory(kind, now - retention.memory, (one) => {
      guard.remember({ ...one, kind });
    });
    if (!remembered.ok) return remembered;
  }
  return ok(ended);
}
