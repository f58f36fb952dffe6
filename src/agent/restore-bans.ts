/**
 * The first thing after a start: bans of before are in force again. Nothing of them is read but their targets
 * and ends; whatever else the store remembers of them can wait until they are (`restore-guard.ts`).
 */
import { type Network, parseNetwork } from '../base/network.ts';
import type { Result } from '../base/result.ts';
import type { Store } from '../store/store.ts';
import type { Enforcer, TimedBan } from './enforcer.ts';
import { isJailRule } from './jail-bans.ts';

/** Returns how many had to be written into the firewall; the others were there. */
export async function restoreBans(
  store: Store,
  enforcer: Enforcer,
  isAllowed: (target: Network) => boolean,
  now: number,
): Promise<Result<number>> {
  const bans: TimedBan[] = [];
  const read = store.eachInForce(now, (text, until, rule) => {
    if (isJailRule(rule)) return;
    const target = parseNetwork(text);
    if (target !== undefined && !isPardoned(target, rule, isAllowed)) bans.push({ target, until });
  });
  return read.ok ? await enforcer.restore(bans) : read;
}

/** Whether the allowlist takes back a ban of before. One by hand was asked for in spite of it, or since. */
export function isPardoned(target: Network, rule: string, isAllowed: (target: Network) => boolean): boolean {
  return rule !== 'manual' && isAllowed(target);
}
