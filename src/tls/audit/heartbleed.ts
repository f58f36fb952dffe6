/**
 * Heartbleed (CVE-2014-0160): a heartbeat (RFC 6520) that claims more payload than it has, sent in clear
 * before the handshake ends. A flawed server answers with what lies behind it in its memory.
 */
import { randomBytes } from '../../host/random-bytes.ts';
import { encodeOffer, type Offer } from '../hello/offer.ts';
import { versionCodes } from '../hello/protocol-version.ts';
import { contentTypes, encodeRecord } from '../hello/record.ts';
import { emptyFlight } from '../hello/server-flight.ts';
import { uint } from '../hello/write-bytes.ts';
import { isWhole, type Prober, readAnswer } from './prober.ts';
import { shownBytes, type Verdict } from './verdict.ts';

/** What the request claims; a response of at least this size cannot be honest. */
const claimed = 0x1000;

export async function heartbleed(prober: Prober, offer: Offer): Promise<Verdict> {
  const answer = await prober.visit<Verdict>(async (visit) => {
    visit.wire.send(encodeOffer({ ...prober.named(), ...offer, heartbeat: true }, randomBytes(32)));
    const { flight } = await readAnswer(visit, emptyFlight, isWhole);
    if (flight.hello === undefined || !flight.done) {
      return {
        value: { answer: 'unknown', evidence: 'no agreement on a hello with heartbeats' },
        end: 'broken-off',
      };
    }
    const fragment = Uint8Array.of(1, ...uint(2, claimed));
    const version = versionCodes[offer.version];
    visit.wire.send(encodeRecord({ type: contentTypes.heartbeat, version, fragment }));
    const after = await readAnswer(
      { ...visit, timeoutMs: Math.min(visit.timeoutMs, 2000) },
      flight,
      ({ heartbeats, alert }) => heartbeats.length > 0 || alert !== undefined,
    );
    return { value: verdict(after.flight.heartbeats[0], after), end: 'broken-off' };
  });
  return answer.known ? answer.value : { answer: 'unknown', evidence: answer.reason };
}

function verdict(
  response: Uint8Array | undefined,
  { flight, ended }: { flight: { alert?: { name: string } }; ended: string },
): Verdict {
  if (response !== undefined && response.length > 3) {
    return {
      answer: 'yes',
      evidence: `3 bytes of heartbeat are answered with ${response.length}: ${shownBytes(response)}`,
    };
  }
  const how = flight.alert === undefined ? ended : `alert ${flight.alert.name}`;
  return { answer: 'no', evidence: `a heartbeat that claims too much gets no response: ${how}` };
}
