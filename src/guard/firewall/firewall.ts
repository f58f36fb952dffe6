/**
 * What every firewall backend promises. `contract.test.ts` runs on all of them.
 *
 * - a banned address cannot connect to the mail ports, and its open connections there are ended;
 * - a ban ends by itself after its time, whether we live or not;
 * - banning a banned address again renews its time; unbanning one that is not banned is no problem.
 */
import type { Address } from '../../base/address.ts';
import type { Duration } from '../../base/duration.ts';
import type { Result } from '../../base/result.ts';

export interface Firewall {
  readonly name: string;
  /** Makes what bans need. Safe to call again; bans in force stay. */
  prepare(): Promise<Result<void>>;
  /** All of them, in one go. */
  ban(bans: readonly Ban[]): Promise<Result<void>>;
  unban(addresses: readonly Address[]): Promise<Result<void>>;
  /** What is in force now. */
  list(): Promise<Result<readonly Ban[]>>;
  /** Takes everything away that prepare() made, bans included. */
  remove(): Promise<Result<void>>;
}

export interface Ban {
  readonly address: Address;
  /** Time left. */
  readonly bantime: Duration;
}
