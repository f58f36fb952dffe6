/** Who never waits for a slot: what Exim reads as `smtp_reserve_hosts`. */
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import type { Allowlist } from './allowlist.ts';
import type { Trust } from './trust.ts';

export interface ReserveRule {
  /** The least credit that earns a place. */
  readonly credit: number;
  /** How many places there are: Exim reads them all for each connection. */
  readonly most: number;
  /** How long one that offended has none. */
  readonly suspend: Duration;
}

/** The allowlist, then addresses with the most credit first; not those that offended of late. */
export function knownHosts(
  trust: Trust,
  allowlist: Allowlist,
  { credit, most }: ReserveRule,
  now: number,
  offended: (address: Address) => boolean,
): string[] {
  const earned: { address: Address; credit: number }[] = [];
  for (const address of trust.addresses()) {
    const has = trust.credit(address, now);
    if (has >= credit && !allowlist.has(address) && !offended(address)) earned.push({ address, credit: has });
  }
  const chosen =
    earned.length > most ? earned.toSorted((one, other) => other.credit - one.credit).slice(0, most) : earned;
  return [...allowlist.texts(), ...chosen.map(({ address }) => address).toSorted()];
}
