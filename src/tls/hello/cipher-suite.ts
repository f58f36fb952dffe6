/** What a cipher suite is made of, read from its registered name (RFC 8446, appendix B.4; RFC 5246, appendix C). */
import { suiteNames } from './suite-names.ts';

export interface CipherSuite {
  readonly code: number;
  /** As IANA names it; `TLS_UNKNOWN_1A1A` where the code is not registered. */
  readonly name: string;
  readonly openssl: string | undefined;
  /** The key exchange: `RSA`, `DHE`, `ECDHE`, `DH_anon`, `PSK`…; `any` in TLS 1.3, where the group says it. */
  readonly exchange: string;
  /** What the server's certificate must be able to do; `any` in TLS 1.3, `anon` where there is none. */
  readonly authentication: 'RSA' | 'ECDSA' | 'DSS' | 'anon' | 'any' | 'other';
  readonly cipher: string;
  /** `AEAD`, or the hash of the HMAC. */
  readonly mac: string;
  /** The strength of the symmetric cipher in bits; 3DES counts as 112. */
  readonly bits: number;
  readonly forwardSecret: boolean;
  /** A suite of TLS 1.3: it works in no other version. */
  readonly tls13: boolean;
  /** A suite that came with TLS 1.2 (AEAD, or a hash above SHA-1): it works in no earlier version. */
  readonly tls12: boolean;
}

const rows = suiteNames
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

const suites: ReadonlyMap<number, CipherSuite> = new Map(
  rows.map(([code = '', name = '', openssl]) => {
    const suite = describe(Number.parseInt(code, 16), name, openssl);
    return [suite.code, suite];
  }),
);

export const allSuites: readonly CipherSuite[] = [...suites.values()];

export function cipherSuite(code: number): CipherSuite {
  return suites.get(code) ?? describe(code, `UNKNOWN_${code.toString(16).padStart(4, '0').toUpperCase()}`);
}

const byName: ReadonlyMap<string, CipherSuite> = new Map(
  allSuites.flatMap((suite) => [
    [suite.name, suite] as const,
    ...(suite.openssl === undefined ? [] : [[suite.openssl, suite] as const]),
  ]),
);

/** By IANA's or OpenSSL's name. */
export function suiteNamed(name: string): CipherSuite | undefined {
  return byName.get(name);
}

function describe(code: number, name: string, openssl?: string): CipherSuite {
  const [exchangeText = '', bulk] = name.split('_WITH_');
  const tls13 = (code >= 0x1301 && code <= 0x1305) || [0x00c6, 0x00c7, 0xc0b4, 0xc0b5].includes(code);
  const cipherText = tls13 ? name : (bulk ?? '');
  const mac = macOf(cipherText);
  const exchange = tls13 ? 'any' : exchangeOf(exchangeText);
  return {
    code,
    name: `TLS_${name}`,
    openssl: openssl ?? (tls13 ? `TLS_${name}` : undefined),
    exchange,
    authentication: tls13 ? 'any' : authenticationOf(exchangeText),
    cipher: cipherText.replace(/_(?:DRAFT|SHA\d*|MD5|SM3|IMIT|GOSTR3411|OMAC)(?:_DRAFT)?$/, ''),
    mac,
    bits: bitsOf(cipherText, exchangeText),
    forwardSecret: tls13 || /^(?:EC)?DHE/.test(exchange),
    tls13,
    tls12: !tls13 && (mac === 'AEAD' || /SHA(?:256|384)$/.test(mac)),
  };
}

function exchangeOf(text: string): string {
  if (/anon/.test(text)) return text.startsWith('ECDH') ? 'ECDH_anon' : 'DH_anon';
  if (text === 'PSK_DHE') return 'DHE_PSK';
  return text
    .replace(/_EXPORT(?:1024)?$/, '')
    .replace(/^(ECDHE|DHE|ECDH|DH)_(?:RSA|DSS|ECDSA)$/, '$1')
    .replace(/_FIPS$/, '');
}

function authenticationOf(text: string): CipherSuite['authentication'] {
  if (/anon/.test(text)) return 'anon';
  if (/PSK|KRB5|SRP|GOST/.test(text) && !/RSA/.test(text)) return 'other';
  if (/ECDSA/.test(text)) return 'ECDSA';
  if (/DSS/.test(text)) return 'DSS';
  return /RSA/.test(text) ? 'RSA' : 'other';
}

function macOf(cipher: string): string {
  if (/GCM|CCM|POLY1305|SHA(?:256_SHA256|384_SHA384)/.test(cipher)) return 'AEAD';
  return /_(SHA\d*|MD5|SM3|IMIT|GOSTR3411|OMAC)$/.exec(cipher)?.[1] ?? 'none';
}

function bitsOf(cipher: string, exchange: string): number {
  if (/NULL/.test(cipher) || cipher.startsWith('SHA')) return 0;
  if (/EXPORT1024/.test(exchange)) return 56;
  if (/_40|DES40/.test(cipher)) return 40;
  if (/3DES/.test(cipher)) return 112;
  if (/DES_CBC/.test(cipher)) return 56;
  if (/CHACHA20|28147|KUZNYECHIK|MAGMA/.test(cipher)) return 256;
  const bits = /_(128|192|256)(?:_|$)/.exec(cipher)?.[1];
  return bits === undefined ? 128 : Number(bits);
}
