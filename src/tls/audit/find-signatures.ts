/**
 * The signature schemes with which a server signs its part of the key exchange, in the order of its
 * choices: offered all that are left, it picks one, that one is struck out.
 */
import type { CipherSuite } from '../hello/cipher-suite.ts';
import { decodeKeyExchange } from '../hello/key-exchange.ts';
import { type SignatureScheme, signatureSchemes } from '../hello/signature-scheme.ts';
import { cipherSuite } from '../hello/cipher-suite.ts';
import { classicGroups } from './find-suites.ts';
import { type Known, known, unknown } from './known.ts';
import { observeHandshake } from './observation.ts';
import { isWhole, type Prober } from './prober.ts';

export interface SignaturesFound {
  readonly signatures: readonly SignatureScheme[];
  readonly incomplete?: string;
}

/** `suites`: those of the version whose key exchange is signed. */
export async function findSignatures(
  prober: Prober,
  version: 'TLSv1.2' | 'TLSv1.3',
  suites: readonly CipherSuite[],
): Promise<Known<SignaturesFound>> {
  const tls13 = version === 'TLSv1.3';
  const found: SignatureScheme[] = [];
  let lost: string | undefined;
  const left = (): SignatureScheme[] =>
    signatureSchemes.filter((scheme) => (!tls13 || scheme.tls13) && !found.includes(scheme));
  const names = suites.flatMap(({ openssl }) => openssl ?? []);
  for (;;) {
    // OpenSSL has no MD5 to offer.
    const offer = left().flatMap(({ name, hash }) => (hash === 'MD5' ? [] : [opensslName(name)]));
    if (offer.length === 0 || names.length === 0) break;
    const answer = await prober.handshake({
      version,
      suites: names,
      signatures: offer,
      ...(tls13 ? {} : { groups: classicGroups }),
    });
    if (!answer.known) lost = answer.reason;
    if (!answer.known || answer.value.type !== 'agreed') break;
    const picked = observeHandshake(answer.value.made)?.signature;
    const scheme = left().find(({ code }) => code === picked);
    if (scheme === undefined) break;
    found.push(scheme);
  }
  // In TLS 1.3 the choice is encrypted; what OpenSSL knows is all that the version has.
  if (tls13) {
    if (lost !== undefined && found.length === 0) return unknown(lost);
    return known({ signatures: found, ...(lost === undefined ? {} : { incomplete: lost }) });
  }
  for (;;) {
    const answer = await prober.ask(
      { version, suites: suites.map(({ code }) => code), signatures: left().map(({ code }) => code) },
      isWhole,
    );
    if (!answer.known) {
      return found.length === 0 ? answer : known({ signatures: found, incomplete: answer.reason });
    }
    const { hello, keyExchange = new Uint8Array(0) } = answer.value.flight;
    const picked =
      hello === undefined
        ? undefined
        : decodeKeyExchange(keyExchange, cipherSuite(hello.suite).exchange, true)?.signature;
    const scheme = left().find(({ code }) => code === picked);
    if (scheme === undefined) return known({ signatures: found });
    found.push(scheme);
  }
}

/** OpenSSL writes those of TLS 1.2 alone as pairs. */
function opensslName(name: string): string {
  const [, key = '', hash = ''] = /^(ecdsa|rsa_pkcs1|dsa)_(sha\d+)$/.exec(name) ?? [];
  return key === '' ? name : `${key.replace('rsa_pkcs1', 'RSA').toUpperCase()}+${hash.toUpperCase()}`;
}
