/**
 * Ticketbleed (CVE-2016-9244): a server that resumes a session by a ticket has to give back the session id it
 * was sent. A flawed one always gives back 32 bytes: with a shorter id, the rest is its memory.
 */
import { randomBytes } from '../../host/random-bytes.ts';
import type { Offer } from '../hello/offer.ts';
import type { Prober } from './prober.ts';
import { shownBytes, type Verdict } from './verdict.ts';

const idLength = 17;

/** `ticket`: one that the server has just given out. */
export async function ticketbleed(prober: Prober, offer: Offer, ticket: Uint8Array): Promise<Verdict> {
  const sessionId = randomBytes(idLength);
  const answer = await prober.ask({ ...offer, ticket, sessionId, extendedMasterSecret: true });
  if (!answer.known) return { answer: 'unknown', evidence: answer.reason };
  const { hello } = answer.value.flight;
  if (hello === undefined) return { answer: 'unknown', evidence: 'no agreement on a hello with a ticket' };
  const given = hello.sessionId;
  const echoed = sessionId.every((byte, index) => given[index] === byte);
  if (echoed && given.length > idLength) {
    return { answer: 'yes', evidence: `${idLength} bytes of session id come back as ${shownBytes(given)}` };
  }
  return {
    answer: 'no',
    evidence: echoed
      ? 'a session id of 17 bytes comes back as it was'
      : 'the ticket is not taken with a session id of 17 bytes',
  };
}
