/** What the store remembers of the bans of jails: under which rule they are kept, and what was when the agent stopped. */
import { parseNetwork } from '../base/network.ts';
import { ok, type Result } from '../base/result.ts';
import type { Store } from '../store/store.ts';
import type { TimedBan } from './enforcer.ts';
import { retention } from './retention.ts';

export interface JailBans {
  /** How often each target has been banned before. */
  readonly earlier: ReadonlyMap<string, number>;
  readonly inForce: readonly TimedBan[];
}

const prefix = 'jail ';

export function jailRule(jail: string): string {
  return `${prefix}${jail}`;
}

/** Bans of jails have firewalls, counts and lists of their own. */
export function isJailRule(rule: string): boolean {
  return rule.startsWith(prefix);
}

/** By the name of the jail; `now` in milliseconds. */
export function readJailBans(store: Store, now: number): Result<ReadonlyMap<string, JailBans>> {
  const bans = store.lastBans(now - retention.days * 86_400_000);
  if (!bans.ok) return bans;
  const jails = new Map<string, { earlier: Map<string, number>; inForce: TimedBan[] }>();
  for (const { target: text, until, ended, offences, rule } of bans.value) {
    if (!isJailRule(rule)) continue;
    const name = rule.slice(prefix.length);
    const jail = jails.get(name) ?? { earlier: new Map<string, number>(), inForce: [] };
    jails.set(name, jail);
    jail.earlier.set(text, offences);
    const target = parseNetwork(text);
    if (target !== undefined && ended === undefined && until > now) jail.inForce.push({ target, until });
  }
  return ok(jails);
}
