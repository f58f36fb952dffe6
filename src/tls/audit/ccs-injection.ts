/**
 * CCS injection (CVE-2014-0224): a ChangeCipherSpec before there are keys. A sound server says
 * unexpected_message, or hangs up. A flawed one takes it, makes keys of nothing, and then finds that the next
 * record, which is not encrypted with them, has a bad MAC.
 */
import { randomBytes } from '../../host/random-bytes.ts';
import { encodeOffer, type Offer } from '../hello/offer.ts';
import { versionCodes } from '../hello/protocol-version.ts';
import { contentTypes, encodeRecord } from '../hello/record.ts';
import { emptyFlight, type ServerFlight } from '../hello/server-flight.ts';
import { isWhole, type Prober, readAnswer, type Visit } from './prober.ts';
import type { Verdict } from './verdict.ts';

/** How long silence has to last to be an answer. */
const silenceMs = 1000;

export interface CcsTried {
  readonly verdict: Verdict;
  /** What the server said to the hello; none where it did not agree. */
  readonly flight?: ServerFlight;
  /** Why there is none. */
  readonly refusal: string;
}

export async function ccsInjection(prober: Prober, offer: Offer): Promise<CcsTried> {
  const answer = await prober.visit<CcsTried>(async (visit) => ({
    value: await tryIt(visit, prober, offer),
    end: 'broken-off',
  }));
  return answer.known ? answer.value : lost(answer.reason);
}

function lost(refusal: string): CcsTried {
  return { verdict: { answer: 'unknown', evidence: refusal }, refusal };
}

async function tryIt(visit: Visit, prober: Prober, offer: Offer): Promise<CcsTried> {
  visit.wire.send(encodeOffer({ ...prober.named(), ...offer }, randomBytes(32)));
  const { flight, ended } = await readAnswer(visit, emptyFlight, isWhole);
  if (!flight.done) return lost(flight.alert === undefined ? ended : `alert ${flight.alert.name}`);
  prober.remember(flight);
  return { verdict: await afterHello(visit, offer, flight), flight, refusal: '' };
}

async function afterHello(visit: Visit, offer: Offer, flight: ServerFlight): Promise<Verdict> {
  const version = versionCodes[offer.version];
  const early = encodeRecord({ type: contentTypes.changeCipherSpec, version, fragment: Uint8Array.of(1) });
  const patient = { ...visit, timeoutMs: Math.min(silenceMs, visit.timeoutMs) };
  visit.wire.send(early);
  const first = await readAnswer(patient, flight, ({ alert }) => alert !== undefined);
  if (first.flight.alert !== undefined || first.ended !== 'silent') {
    const how = first.flight.alert === undefined ? 'the server hangs up' : `alert ${first.flight.alert.name}`;
    return { answer: 'no', evidence: `an early ChangeCipherSpec is refused: ${how}` };
  }
  visit.wire.send(early);
  const second = await readAnswer(patient, first.flight, ({ alert }) => alert !== undefined);
  const name = second.flight.alert?.name;
  if (name === 'bad_record_mac' || name === 'decryption_failed') {
    return {
      answer: 'yes',
      evidence: `an early ChangeCipherSpec is taken in silence; what follows: alert ${name}`,
    };
  }
  if (name !== undefined || second.ended !== 'silent') {
    return {
      answer: 'no',
      evidence: `a second early ChangeCipherSpec is refused: ${name ?? 'the server hangs up'}`,
    };
  }
  return { answer: 'unknown', evidence: 'the server says nothing to an early ChangeCipherSpec' };
}
