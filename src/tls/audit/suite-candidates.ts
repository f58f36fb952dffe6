/** The suites that a version may be asked for, the likely first. */
import { allSuites, type CipherSuite } from '../hello/cipher-suite.ts';
import type { ProtocolVersion } from '../hello/protocol-version.ts';

/** Asked for again and again while a server is searched. */
const candidates = new Map<ProtocolVersion, readonly CipherSuite[]>();

export function suiteCandidates(version: ProtocolVersion): readonly CipherSuite[] {
  let found = candidates.get(version);
  if (found === undefined) {
    found = ranked.filter((suite) => fits(suite, version));
    candidates.set(version, found);
  }
  return found;
}

function fits(suite: CipherSuite, version: ProtocolVersion): boolean {
  if (version === 'TLSv1.3') return suite.tls13;
  return !suite.tls13 && (version === 'TLSv1.2' || !suite.tls12);
}

/** What mail servers have, by key exchange, then by cipher. */
function rank({ exchange, authentication, cipher, tls13 }: CipherSuite): number {
  const exchanges = ['ECDHE', 'DHE', 'RSA', 'DH_anon', 'ECDH_anon'].indexOf(exchange);
  const ciphers = ['AES', 'CHACHA20', '3DES', 'CAMELLIA', 'RC4', 'ARIA'].findIndex((name) =>
    cipher.startsWith(name),
  );
  const certificate = authentication === 'RSA' || authentication === 'ECDSA' ? 0 : 8;
  return tls13 ? 0 : (exchanges === -1 ? 8 : exchanges) + (ciphers === -1 ? 8 : ciphers) * 4 + certificate;
}

const ranked = allSuites
  .map((suite) => ({ suite, rank: rank(suite) }))
  .toSorted((a, b) => a.rank - b.rank)
  .map(({ suite }) => suite);
