/** The decision on an address, with its evidence. */
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import type { SightingKind } from './sighting-kind.ts';

/** Being turned away proves nothing, so no ban is named after it: coming back too often is hammering. */
export type RuleName =
  | Exclude<SightingKind, 'turned-away'>
  /** Wrong passwords from a known sender: it cannot log in, its mail comes in (docs/decisions/0058). */
  | 'logins'
  | 'hammering'
  | 'slot-holder'
  | 'score'
  /** By hand. */
  | 'manual';

export interface Verdict {
  readonly address: Address;
  readonly rule: RuleName;
  readonly bantime: Duration;
  /** Log lines, or what the socket table showed; the newest last. */
  readonly evidence: readonly string[];
  /** The network that is to be banned as well, where several of it offended. */
  readonly network?: string;
  /** The credit that it had earned, with the reasons; absent where it had none. */
  readonly trust?: { readonly credit: number; readonly reasons: readonly string[] };
}
