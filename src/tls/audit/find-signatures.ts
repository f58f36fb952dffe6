/**
 * The signature schemes with which a server signs its part of the key exchange, in the order of its
 * choices. Many have shown themselves in other handshakes (`unseen-first.ts`); it is offered all that are left,
 * picks one, that one is struck out. In TLS 1.2 there may be a suite without a signature to fall back on.
 */
import { type CipherSuite, cipherSuite } from '../hello/cipher-suite.ts';
import { decodeKeyExchange } from '../hello/key-exchange.ts';
import type { SignatureScheme } from '../hello/signature-scheme.ts';
import { classicGroups } from './find-suites.ts';
import { type Known, known, unknown } from './known.ts';
import { observeHandshake } from './observation.ts';
import { isWhole, type Prober } from './prober.ts';
import { opensslSchemes, schemesOf, seenSchemes } from './unseen-first.ts';

export interface SignaturesFound {
  readonly signatures: readonly SignatureScheme[];
  readonly incomplete?: string;
}

/** `suites`: those of the version whose key exchange is signed; `others`: those where it is not. */
export async function findSignatures(
  prober: Prober,
  version: 'TLSv1.2' | 'TLSv1.3',
  suites: readonly CipherSuite[],
  others: readonly CipherSuite[],
): Promise<Known<SignaturesFound>> {
  const tls13 = version === 'TLSv1.3';
  const found = seenSchemes(prober.seen, version);
  let lost: string | undefined;
  const left = (): SignatureScheme[] => schemesOf(version).filter((scheme) => !found.includes(scheme));
  const names = (list: readonly CipherSuite[]): string[] => list.flatMap(({ openssl }) => openssl ?? []);
  const fallback = names(others);
  for (;;) {
    const offer = opensslSchemes(left());
    if (offer.length === 0 || names(suites).length === 0 || (!tls13 && fallback.length === 0)) break;
    const answer = await prober.handshake(
      {
        version,
        suites: [...names(suites), ...fallback],
        signatures: offer,
        ...(tls13 ? {} : { groups: classicGroups }),
      },
      undefined,
      tls13 ? 'new' : 'any',
    );
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
