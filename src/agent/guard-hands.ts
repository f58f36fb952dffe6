/**
 * What a person may do to the guard, whoever asks: the control socket, the page, or a command on a host
 * whose agent does not run. `live-hands.ts` works on a running guard, `store-hands.ts` on what it has kept.
 */
import type { Duration } from '../base/duration.ts';
import type { Result } from '../base/result.ts';
import type { Explained } from '../guard/explained.ts';
import type { StoredBan, StoredIncident } from '../store/store.ts';

export interface GuardHands {
  ban(request: BanRequest): Result<BanAnswer>;
  unban(request: UnbanRequest): Result<UnbanAnswer>;
  /** Never bans them from now on, and takes back the bans that hit them. */
  allow(request: AllowRequest): Result<AllowAnswer>;
  disallow(request: UnbanRequest): Result<DisallowAnswer>;
  /** By hand, the newest first. */
  allowed(): Result<readonly AllowedTarget[]>;
  bans(query: BansQuery): Result<readonly ListedBan[]>;
  explain(address: string): Result<Explanation>;
  incidents(from: number, to: number): Result<readonly StoredIncident[]>;
}

export interface BanRequest {
  /** Addresses and networks. One that is neither is a problem, and then nobody is banned. */
  readonly targets: readonly string[];
  readonly bantime: Duration;
  readonly reason: string;
  /** Those on the allowlist too. */
  readonly force: boolean;
  /** Who wants it. */
  readonly by: string;
}

export interface BanAnswer {
  readonly banned: readonly {
    readonly target: string;
    readonly until: number;
    /** Messages that were accepted from it before: what the ban may cost. */
    readonly mailBefore: number;
  }[];
  /** On the allowlist, and therefore not banned. */
  readonly refused: readonly string[];
  /** Said beside the answer, such as that no agent runs. */
  readonly note?: string;
}

export interface UnbanRequest {
  readonly targets: readonly string[];
  readonly by: string;
}

export interface UnbanAnswer {
  readonly unbanned: readonly string[];
  /** Were not banned. */
  readonly unknown: readonly string[];
  readonly note?: string;
}

export interface AllowRequest extends UnbanRequest {
  readonly reason: string;
}

export interface AllowAnswer {
  readonly allowed: readonly string[];
  readonly unbanned: readonly string[];
  readonly note?: string;
}

export interface DisallowAnswer {
  readonly removed: readonly string[];
  /** Were not allowed by hand. */
  readonly unknown: readonly string[];
  readonly note?: string;
}

export interface AllowedTarget {
  readonly target: string;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

export interface BansQuery {
  /** Those that were in force at some time between; without it those in force now. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly search?: string | undefined;
  readonly rule?: string | undefined;
  readonly limit: number;
}

export interface ListedBan extends Omit<StoredBan, 'evidence'> {
  readonly inForce: boolean;
}

export interface Explanation extends Explained {
  /** Its own and those of networks that it is in, the oldest first. */
  readonly bans: readonly (StoredBan & { readonly inForce: boolean })[];
  /** The answer in sentences: whether it is banned, and why or why not. */
  readonly says: readonly string[];
}
