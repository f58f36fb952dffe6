/**
 * ROBOT (CVE-2017-13099 and kin; Bleichenbacher 1998): a server that lets one tell whether what it decrypted
 * was padded as PKCS#1 v1.5 wants can be made to decrypt or sign with its RSA key. Five ClientKeyExchange
 * messages, one well padded, are each followed by a Finished that nobody could have written; the server must
 * react to all of them alike.
 */
import { randomBytes } from '../../host/random-bytes.ts';
import { readServedCertificate } from '../../host/served-certificate.ts';
import { encodeMessage, handshakeTypes } from '../hello/handshake-message.ts';
import { encodeOffer, type Offer } from '../hello/offer.ts';
import { versionCodes } from '../hello/protocol-version.ts';
import { contentTypes, encodeRecord } from '../hello/record.ts';
import { emptyFlight } from '../hello/server-flight.ts';
import { joined, vector } from '../hello/write-bytes.ts';
import { modularPower } from './modular-power.ts';
import { isWhole, type Prober, readAnswer, type Visit } from './prober.ts';
import type { Verdict } from './verdict.ts';

const silenceMs = 1500;
const disagreed = '?no agreement on RSA key exchange';

/** `offer`: suites with RSA key exchange alone. Undefined where the server takes none of them. */
export async function robot(prober: Prober, offer: Offer): Promise<Verdict | undefined> {
  const { correct, ...others } = paddings;
  const names = Object.keys(paddings);
  const ask = async (padding: Padding): Promise<string> => await reaction(prober, offer, padding);
  const round = async (): Promise<string[]> =>
    await Promise.all(Object.values(paddings).map(async (padding) => await ask(padding)));
  const alone = await ask(correct);
  if (alone === disagreed) return undefined;
  const first = [alone, ...(await Promise.all(Object.values(others).map(ask)))];
  const lost = first.find((each) => each.startsWith('?'));
  if (lost !== undefined) return { answer: 'unknown', evidence: lost.slice(1) };
  if (new Set(first).size === 1) {
    return { answer: 'no', evidence: `all five paddings get the same reaction: ${first[0] ?? ''}` };
  }
  // A reaction may differ once by chance (load, a timeout); an oracle answers the same again.
  const second = await round();
  const table = names.map((name, index) => `${name}: ${first[index] ?? ''}`).join('; ');
  return first.every((each, index) => each === second[index])
    ? { answer: 'yes', evidence: `the paddings are told apart, twice: ${table}` }
    : { answer: 'unknown', evidence: `the reactions differ from try to try: ${table}` };
}

type Padding = (length: number, version: number) => Uint8Array;

/** What is encrypted, as long as the modulus. The premaster secret is 48 bytes with the version first. */
const paddings = {
  correct: (length, version) => padded(length, Uint8Array.of(0, 2), 0, secret(version)),
  'wrong first bytes': (length, version) => padded(length, Uint8Array.of(0x41, 0x17), 0, secret(version)),
  'no zero before the secret': (length, version) =>
    padded(length, Uint8Array.of(0, 2), 0x11, nonZero(secret(version))),
  'zero in the wrong place': (length, version) =>
    padded(
      length,
      Uint8Array.of(0, 2),
      0x11,
      joined([nonZero(secret(version)).subarray(0, 46), Uint8Array.of(0, 0x11)]),
    ),
  'wrong version': (length) => padded(length, Uint8Array.of(0, 2), 0, secret(0x0202)),
} as const satisfies Record<string, Padding>;

function secret(version: number): Uint8Array {
  return joined([Uint8Array.of(version >> 8, version & 0xff), nonZero(randomBytes(46))]);
}

function nonZero(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte === 0 ? 1 : byte));
}

function padded(length: number, head: Uint8Array, separator: number, tail: Uint8Array): Uint8Array {
  const filler = nonZero(randomBytes(length - head.length - 1 - tail.length));
  return joined([head, filler, Uint8Array.of(separator), tail]);
}

async function reaction(prober: Prober, offer: Offer, padding: Padding): Promise<string> {
  const answer = await prober.visit(async (visit) => ({
    value: await react(visit, prober, offer, padding),
    end: 'broken-off' as const,
  }));
  return answer.known ? answer.value : `?${answer.reason}`;
}

async function react(visit: Visit, prober: Prober, offer: Offer, padding: Padding): Promise<string> {
  visit.wire.send(encodeOffer({ ...prober.named(), ...offer }, randomBytes(32)));
  const { flight } = await readAnswer(visit, emptyFlight, isWhole);
  if (!flight.done) return disagreed;
  prober.remember(flight);
  const [leaf] = flight.certificates ?? [];
  const read = leaf === undefined ? undefined : readServedCertificate(leaf);
  if (read?.ok !== true || read.value.rsa === undefined) return '?the RSA certificate cannot be read';
  const { modulus, exponent } = read.value.rsa;
  const version = versionCodes[offer.version];
  const length = modulus.length / 2;
  const plain = padding(length, Math.min(version, 0x0303));
  const cipher = modularPower(BigInt(`0x${plain.toHex()}`), BigInt(`0x${exponent}`), BigInt(`0x${modulus}`));
  const encrypted = Uint8Array.fromHex(cipher.toString(16).padStart(length * 2, '0'));
  const message = encodeMessage({ type: handshakeTypes.clientKeyExchange, body: vector(2, encrypted) });
  visit.wire.send(
    joined([
      encodeRecord({ type: contentTypes.handshake, version, fragment: message }),
      encodeRecord({ type: contentTypes.changeCipherSpec, version, fragment: Uint8Array.of(1) }),
      encodeRecord({ type: contentTypes.handshake, version, fragment: randomBytes(64) }),
    ]),
  );
  const patient = { ...visit, timeoutMs: Math.min(silenceMs, visit.timeoutMs) };
  const after = await readAnswer(patient, flight, ({ alert, changed }) => alert !== undefined || changed);
  if (after.flight.alert !== undefined) return `alert ${after.flight.alert.name}`;
  // A reset and an orderly end are told apart by chance where unread data is left behind.
  return after.ended === 'reset' ? 'closed' : after.ended;
}
