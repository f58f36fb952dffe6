/**
 * Every certificate that a server has: it may have one for RSA and one for ECDSA, and shows the one that
 * fits the offer. Each is asked for by a whole handshake that offers nothing else, and judged by OpenSSL
 * against the roots.
 */
import type { HandshakeRequest } from '../../host/full-handshake.ts';
import type { CipherSuite } from '../hello/cipher-suite.ts';
import type { SignatureScheme } from '../hello/signature-scheme.ts';
import { classicGroups, type HelloVersion, opensslVersion } from './find-suites.ts';
import { type Observation, observeHandshake } from './observation.ts';
import { isWhole, type Prober } from './prober.ts';
import { observe } from './observation.ts';

export interface ServedChain {
  /** The kind of key that was asked for. */
  readonly key: string;
  readonly version: string;
  /** As sent, in DER. */
  readonly chain: readonly Uint8Array[];
  readonly status: Uint8Array | undefined;
  /** Timestamps in the handshake (RFC 6962, section 3.3.1). */
  readonly timestamps: boolean;
  /** OpenSSL's word for what is wrong; undefined: trusted; `unknown`: it could not judge. */
  readonly distrust: string | undefined;
}

export interface CertificateQuestion {
  readonly version: HelloVersion;
  readonly suites: readonly CipherSuite[];
  /** The schemes of TLS 1.3, which has no suites for a kind of key. */
  readonly signatures: readonly SignatureScheme[];
}

export interface CertificatesFound {
  readonly chains: readonly ServedChain[];
  /** What could not be asked for, and why. */
  readonly missing: readonly string[];
}

export async function findCertificates(
  prober: Prober,
  question: CertificateQuestion,
  roots: readonly string[],
): Promise<CertificatesFound> {
  const asked = await Promise.all(
    kinds(question).map(async (kind) => await ask(prober, question, kind, roots)),
  );
  return {
    chains: withoutRepeats(
      asked.flatMap((found) => (found === undefined || typeof found === 'string' ? [] : [found])),
    ),
    missing: asked.flatMap((found) => (typeof found === 'string' ? [found] : [])),
  };
}

/** The first of those with the same certificate of the server. */
export function withoutRepeats(chains: readonly ServedChain[]): ServedChain[] {
  return chains.filter(
    ({ chain }, place) => chains.findIndex((other) => sameLeaf(other.chain, chain)) === place,
  );
}

function kinds({ version, suites, signatures }: CertificateQuestion): readonly string[] {
  const keys =
    version === 'TLSv1.3'
      ? signatures.map(({ key }) => key)
      : suites
          .map(({ authentication }) => authentication)
          .filter((each) => each !== 'anon' && each !== 'other');
  return [...new Set<string>(keys)];
}

async function ask(
  prober: Prober,
  { version, suites, signatures }: CertificateQuestion,
  key: string,
  roots: readonly string[],
): Promise<ServedChain | string | undefined> {
  const fitting =
    version === 'TLSv1.3' ? suites : suites.filter(({ authentication }) => authentication === key);
  const names = fitting.flatMap(({ openssl }) => openssl ?? []);
  if (version !== 'SSLv3' && names.length > 0) {
    const request: Omit<HandshakeRequest, 'name'> = {
      version: opensslVersion(version),
      suites: names,
      status: true,
      roots,
      ...(version === 'TLSv1.3'
        ? { signatures: signatures.filter((each) => each.key === key).map(({ name }) => name) }
        : { groups: classicGroups }),
    };
    const answer = await prober.handshake(request);
    if (!answer.known) return `the ${key} certificate: ${answer.reason}`;
    if (answer.value.type === 'agreed') {
      const { distrust, status } = answer.value.made;
      return chainOf(observeHandshake(answer.value.made), key, distrust, status);
    }
  }
  // OpenSSL has none of these suites, or will not read this certificate: the hello shows it all the same.
  const answer = await prober.ask(
    { version, suites: fitting.map(({ code }) => code), status: true },
    isWhole,
  );
  if (!answer.known) return `the ${key} certificate: ${answer.reason}`;
  return chainOf(observe(answer.value.flight), key, 'unknown', undefined);
}

function chainOf(
  seen: Observation | undefined,
  key: string,
  distrust: string | undefined,
  status: Uint8Array | undefined,
): ServedChain | undefined {
  if (seen === undefined || seen.certificates.length === 0) return undefined;
  return {
    key,
    version: seen.version,
    chain: seen.certificates,
    status: status ?? seen.status,
    timestamps: seen.tls13?.timestamps === true,
    distrust,
  };
}

function sameLeaf([a]: readonly Uint8Array[], [b]: readonly Uint8Array[]): boolean {
  return (
    a !== undefined && b !== undefined && a.length === b.length && a.every((byte, index) => byte === b[index])
  );
}
