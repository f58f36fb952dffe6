/** What the guard has made of one event, or of one sighting. */
import type { BackedOff } from './backoff.ts';
import type { BanInForce } from './ban-ledger.ts';
import type { LoginAlert } from './login-watch.ts';
import type { Sighting } from './sighting.ts';
import type { Verdict } from './verdict.ts';

export interface Taken {
  readonly sighting?: Sighting;
  readonly verdict?: Verdict;
  /** The ban that the verdict has put in force. */
  readonly ban?: BanInForce;
  readonly alert?: LoginAlert;
  /** Turned away, and to be kept away for a moment. */
  readonly backoff?: BackedOff;
}
