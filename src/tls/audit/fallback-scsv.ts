/**
 * TLS_FALLBACK_SCSV (RFC 7507): a client that has been pushed to an older version says so, and the server
 * has to refuse. It is asked for the second best version that it has.
 */
import { fallbackScsv, type Offer } from '../hello/offer.ts';
import type { Prober } from './prober.ts';

export async function fallbackRefused(prober: Prober, offer: Offer): Promise<boolean | string> {
  const answer = await prober.ask({ ...offer, suites: [...offer.suites, fallbackScsv] });
  if (!answer.known) return answer.reason;
  if (answer.value.type === 'agreed') return false;
  return answer.value.evidence === 'alert inappropriate_fallback'
    ? true
    : `it is refused otherwise: ${answer.value.evidence}`;
}
