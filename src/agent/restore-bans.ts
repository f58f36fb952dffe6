/**
 * The first thing after a start: bans of before are in force again. Nothing of them is read but their targets
 * and ends; whatever else the store remembers of them can wait until they are (`restore-guard.ts`).
 */
import type { Duration } from '../base/duration.ts';
import { type Network, parseNetwork } from '../base/network.ts';
import type { Result } from '../base/result.ts';
import type { Ban } from '../guard/firewall/firewall.ts';
import type { Store } from '../store/store.ts';
import { leavesMail } from '../guard/leaves-mail.ts';
import type { TimedBan } from './enforcer.ts';
import type { Gates } from './gates.ts';
import { isJailRule } from './jail-bans.ts';

/** What is ready a little later than the store. */
export interface RestoreHands {
  readonly gates: Gates;
  readonly isAllowed: (target: Network) => boolean;
}

/** One object a ban all the way: with a hundred thousand, each further one is felt. */
interface StoredTarget extends TimedBan, Ban {
  readonly rule: string;
}

/** They are read while the hands get ready. Returns how many had to be written into the firewall; the others were there. */
export async function restoreBans(
  store: Store,
  hands: Promise<RestoreHands>,
  now: number,
): Promise<Result<number>> {
  const bans: StoredTarget[] = [];
  const logins: StoredTarget[] = [];
  const read = store.eachInForce(now, (text, until, rule) => {
    const target = isJailRule(rule) ? undefined : parseNetwork(text);
    if (target === undefined) return;
    (leavesMail(rule) ? logins : bans).push({ target, until, bantime: (until - now) as Duration, rule });
  });
  const { gates, isAllowed } = await hands;
  if (!read.ok) return read;
  const isIn = ({ target, rule }: StoredTarget): boolean => !isPardoned(target, rule, isAllowed);
  const written = await gates.all.restore(bans.every(isIn) ? bans : bans.filter(isIn));
  // Few and short, and nobody among them is kept out: they can wait until all others are.
  for (const ban of logins) if (isIn(ban)) gates.of(ban.rule).add([ban]);
  return written;
}

/** Whether the allowlist takes back a ban of before. One by hand was asked for in spite of it, or since. */
export function isPardoned(target: Network, rule: string, isAllowed: (target: Network) => boolean): boolean {
  return rule !== 'manual' && isAllowed(target);
}
