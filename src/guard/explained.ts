/** What the guard has in mind of one address: why it is banned, or why not. */
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import type { SightingKind } from './sighting-kind.ts';

export interface Explained {
  readonly address: Address;
  /** On the allowlist: never banned. */
  readonly allowed: boolean;
  /** Its mail has been coming: others may share its address (docs/decisions/0061). */
  readonly known: boolean;
  /** It has a place in Exim's reserve. */
  readonly reserved: boolean;
  /** How many times more it may do than a stranger. */
  readonly patience: number;
  readonly trust?: { readonly credit: number; readonly reasons: readonly string[] };
  readonly score: { readonly now: number; readonly needed: number };
  /** Those that still count, the oldest first, with the score after each. */
  readonly sightings: readonly {
    readonly kind: SightingKind;
    readonly at: number;
    /** Of the same subject as an earlier one. */
    readonly repeats: boolean;
    readonly line?: string;
    readonly score: number;
  }[];
  /** How near each kind is to a verdict by itself. */
  readonly measures: readonly {
    readonly kind: SightingKind;
    readonly counted: number;
    readonly needed: number;
    readonly findtime: Duration;
  }[];
  /** Its connections were ended so often without a ban. */
  readonly endings?: { readonly count: number; readonly last: number };
}
