/** Flaws that follow from what a server offers: no attack is tried, the offer is the evidence. */
import type { CipherSuite } from '../hello/cipher-suite.ts';
import type { ProtocolVersion } from '../hello/protocol-version.ts';
import { derived, type Verdict } from './verdict.ts';

export interface Offered {
  /** By version, as far as they are known. */
  readonly suites: ReadonlyMap<ProtocolVersion, readonly CipherSuite[]>;
  /** Versions that may have more. */
  readonly incomplete: readonly ProtocolVersion[];
  readonly ssl2: boolean | undefined;
  /** Of primes that the server has used: size in bits, and whose they are. */
  readonly primes: readonly { readonly bits: number; readonly name: string | undefined }[];
  readonly compression: boolean | undefined;
  /** CBC suites are used with encrypt-then-MAC where the client wants it. */
  readonly encryptThenMac: boolean | undefined;
  /** The server has used the same key of its own twice with a finite field. */
  readonly dhKeyReused: boolean | undefined;
}

export function derivedFlaws(offered: Offered): Record<string, Verdict> {
  const all = [...offered.suites].flatMap(([version, suites]) => suites.map((suite) => ({ version, suite })));
  const missing = offered.incomplete;
  const whichHave = (
    fits: (suite: CipherSuite, version: ProtocolVersion) => boolean,
    what: string,
  ): Verdict => {
    const found = all.filter(({ suite, version }) => fits(suite, version));
    if (found.length > 0) return derived('yes', `${what}: ${list(found)}`);
    return missing.length > 0
      ? derived('unknown', `the suites of ${missing.join(', ')} are not known`)
      : derived('no', `no ${what}`);
  };
  return {
    freak: whichHave(({ name }) => name.includes('RSA_EXPORT'), 'export suite with RSA'),
    logjam: logjam(
      offered,
      whichHave(({ name }) => /DHE_\w+_EXPORT|DH_anon_EXPORT/.test(name), 'export suite with DHE'),
    ),
    sweet32: whichHave(
      ({ cipher }) => /DES|IDEA|RC2|MAGMA|28147/.test(cipher),
      'suite with a block of 64 bits',
    ),
    rc4: whichHave(({ cipher }) => cipher.includes('RC4'), 'suite with RC4'),
    drown:
      offered.ssl2 === undefined
        ? derived('unknown', 'whether SSL 2.0 is spoken is not known')
        : derived(
            offered.ssl2 ? 'yes' : 'no',
            offered.ssl2
              ? 'SSL 2.0 is spoken'
              : 'SSL 2.0 is not spoken here; another host may serve the same key',
          ),
    poodle: whichHave(
      ({ cipher }, version) => version === 'SSLv3' && cipher.includes('CBC'),
      'CBC suite in SSL 3.0',
    ),
    beast: whichHave(
      ({ cipher }, version) => (version === 'SSLv3' || version === 'TLSv1.0') && cipher.includes('CBC'),
      'CBC suite in TLS 1.0 or SSL 3.0',
    ),
    crime:
      offered.compression === undefined
        ? derived('unknown', 'whether compression is taken is not known')
        : derived(
            offered.compression ? 'yes' : 'no',
            offered.compression ? 'DEFLATE is taken' : 'compression is not taken',
          ),
    lucky13: whichHave(
      ({ cipher }) => cipher.includes('CBC'),
      `CBC suite${offered.encryptThenMac === true ? ' (with encrypt-then-MAC for clients that ask)' : ''}`,
    ),
    raccoon: raccoon(offered, all),
  };
}

function logjam({ primes }: Offered, exported: Verdict): Verdict {
  const weak = primes.filter(({ bits }) => bits <= 1024);
  if (exported.answer === 'yes') return exported;
  if (weak.length > 0) {
    const [{ bits, name } = { bits: 0, name: undefined }] = weak;
    return derived('yes', `a prime of ${bits} bits${name === undefined ? '' : ` that many share (${name})`}`);
  }
  return exported;
}

function raccoon({ dhKeyReused }: Offered, all: readonly { suite: CipherSuite }[]): Verdict {
  const fixed = all.filter(({ suite }) => suite.exchange === 'DH');
  if (fixed.length > 0) return derived('yes', `suite with a fixed DH key: ${list(fixed)}`);
  if (!all.some(({ suite }) => /^(?:DHE|DH_anon)/.test(suite.exchange)))
    return derived('no', 'no suite over a finite field before TLS 1.3');
  if (dhKeyReused === undefined) return derived('unknown', 'fewer than two keys of DHE were seen');
  return dhKeyReused
    ? derived('yes', 'the same DHE key was used in two handshakes')
    : derived('no', 'each DHE key that was seen was another');
}

function list(found: readonly { suite: CipherSuite }[]): string {
  const names = [...new Set(found.map(({ suite }) => suite.name))];
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
}
