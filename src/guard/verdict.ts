/** The decision on an address, with its evidence. */
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import type { SightingKind } from './sighting.ts';

export interface Verdict {
  readonly address: Address;
  readonly rule: SightingKind | 'slot-holder';
  readonly bantime: Duration;
  /** Log lines, or what the socket table showed; the newest last. */
  readonly evidence: readonly string[];
}
