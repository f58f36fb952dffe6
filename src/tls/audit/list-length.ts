/**
 * How long a list of suites a server reads to its end. Long ones are passed over, cut or choked on by some;
 * what it does with one says the same of all its versions, so it is asked once for all searches. The list is of
 * codes that nobody has registered, and one suite that the server is known to accept behind them: whoever
 * picks that has read all.
 */
import type { CipherSuite } from '../hello/cipher-suite.ts';
import type { HelloVersion } from './find-suites.ts';
import type { Prober } from './prober.ts';

/** More than any version has. */
const longest = 400;

/** Registered for nothing up to here and far beyond (RFC 8446, section 11). */
const firstNameless = 0xe000;

/** How many suites it is safe to offer at once; 0 where that is not known. */
export async function safeListLength(
  prober: Prober,
  version: HelloVersion,
  canary: CipherSuite,
): Promise<number> {
  const nameless = Array.from({ length: longest - 1 }, (_, place) => firstNameless + place);
  const answer = await prober.ask({ version, suites: [...nameless, canary.code] });
  const picked = answer.known ? answer.value.flight.hello?.suite : undefined;
  return picked === canary.code ? longest : 0;
}
