/**
 * What every firewall backend promises. `test/firewall/contract.ts` runs on all of them.
 *
 * - a banned address cannot talk to the mail ports, and where it is in our power its open connections
 *   there are ended;
 * - a ban ends by itself after its time, whether we live or not, or (a backend says so) while we live;
 * - banning what is banned renews its time; unbanning what is not is no problem;
 * - one ban that is refused is told of and costs none of the others.
 */
import type { Address } from '../../base/address.ts';
import type { Duration } from '../../base/duration.ts';
import type { Network } from '../../base/network.ts';
import type { Problem } from '../../base/problem.ts';
import type { Result } from '../../base/result.ts';

export interface Firewall {
  readonly name: string;
  /** Makes what bans need. Safe to call again; bans in force stay. */
  prepare(): Promise<Result<void>>;
  /** All of them, in one go. Answers with those that were refused; the others are in force. */
  ban(bans: readonly Ban[]): Promise<Result<readonly RefusedBan[]>>;
  /**
   * The same for who is in more of a hurry than can wait for an answer: within the call, where that can be; it may be
   * broken off at any place. `ban` has to follow, which takes care of everything else. Absent where nothing is that quick.
   */
  banAtOnce?(bans: readonly Ban[]): void;
  unban(targets: readonly Network[]): Promise<Result<void>>;
  /**
   * For moments, whoever has connections open keeps them, and can begin no new one. Absent where the backend
   * has no such thing: nobody has to be kept away.
   */
  keepAway?(targets: readonly Ban[]): Promise<Result<void>>;
  /** Who has called all the same of late: each call once or more. */
  calls?(): Promise<Result<readonly Call[]>>;
  /** What is in force now. */
  list(): Promise<Result<readonly ListedBan[]>>;
  /** Whether what prepare() made is still there: cheap enough to be asked each second. */
  isWhole(): Promise<Result<boolean>>;
  /** Takes everything away that prepare() made, bans included. */
  remove(): Promise<Result<void>>;
}

export interface Ban {
  /** A single address is a network of all of its bits. */
  readonly target: Network;
  /** Time left. */
  readonly bantime: Duration;
}

/** A connection that somebody tried to begin who is kept away. */
export interface Call {
  readonly from: Address;
  readonly port: number;
  /** Milliseconds ago. */
  readonly ago: number;
}

export interface ListedBan extends Ban {
  /** Packets that were dropped by it, where the backend counts. */
  readonly dropped?: number;
}

export interface RefusedBan {
  readonly ban: Ban;
  readonly problem: Problem;
}
