/**
 * The signature schemes with which a server signs its part of the key exchange, in the order of its
 * choices. Many have shown themselves in other handshakes (`unseen-first.ts`); it is offered all that are left,
 * picks one, that one is struck out. In TLS 1.2 there may be a suite without a signature to fall back on, which is
 * then the end of those that OpenSSL can offer; the rare ones are asked for by hellos of our own.
 */
import { type CipherSuite, cipherSuite } from '../hello/cipher-suite.ts';
import { decodeKeyExchange } from '../hello/key-exchange.ts';
import type { SignatureScheme } from '../hello/signature-scheme.ts';
import { classicGroups } from './find-suites.ts';
import { type Known, known, unknown } from './known.ts';
import { type Observation, observeHandshake } from './observation.ts';
import { isWhole, type Prober } from './prober.ts';
import { opensslSchemes, schemesOf, seenSchemes } from './unseen-first.ts';

export interface SignaturesFound {
  readonly signatures: readonly SignatureScheme[];
  readonly incomplete?: string;
}

export interface RareAsked {
  readonly asked: readonly SignatureScheme[];
  readonly found: readonly SignatureScheme[];
}

export const noneAsked: RareAsked = { asked: [], found: [] };

/** Those of TLS 1.2 that OpenSSL cannot offer. `suite`: one that the server takes, whose key exchange is signed. */
export async function findRareSignatures(prober: Prober, suite: CipherSuite): Promise<RareAsked> {
  const asked = schemesOf('TLSv1.2').filter((scheme) => opensslSchemes([scheme]).length === 0);
  const found: SignatureScheme[] = [];
  for (;;) {
    const left = asked.filter((scheme) => !found.includes(scheme));
    const picked = await pick(prober, [suite], left);
    if (!picked.known) return { asked: found, found };
    if (picked.value === undefined) return { asked, found };
    found.push(picked.value);
  }
}

/** Which of these the server signs with, by a hello of our own. */
async function pick(
  prober: Prober,
  suites: readonly CipherSuite[],
  schemes: readonly SignatureScheme[],
): Promise<Known<SignatureScheme | undefined>> {
  const answer = await prober.ask(
    {
      version: 'TLSv1.2',
      suites: suites.map(({ code }) => code),
      signatures: schemes.map(({ code }) => code),
    },
    isWhole,
  );
  if (!answer.known) return answer;
  const { hello, keyExchange = new Uint8Array(0) } = answer.value.flight;
  const picked =
    hello === undefined
      ? undefined
      : decodeKeyExchange(keyExchange, cipherSuite(hello.suite).exchange, true)?.signature;
  return known(schemes.find(({ code }) => code === picked));
}

/**
 * `suites`: those of the version whose key exchange is signed; `others`: those where it is not; `rare`: what has
 * been asked for already.
 */
export async function findSignatures(
  prober: Prober,
  version: 'TLSv1.2' | 'TLSv1.3',
  suites: readonly CipherSuite[],
  others: readonly CipherSuite[],
  rare: RareAsked,
): Promise<Known<SignaturesFound>> {
  const tls13 = version === 'TLSv1.3';
  const found = [...new Set([...seenSchemes(prober.seen, version), ...rare.found])];
  // Two that were chosen while all were offered: the server follows our order, and may be left one that it has.
  const ordered = tls13 && found.length > 1;
  let lost: string | undefined;
  const left = (): SignatureScheme[] => schemesOf(version).filter((scheme) => !found.includes(scheme));
  const names = (list: readonly CipherSuite[]): string[] => list.flatMap(({ openssl }) => openssl ?? []);
  const fallback = names(others);
  const choose = async (schemes: readonly SignatureScheme[]): Promise<Observation | undefined> => {
    const answer = await prober.handshake(
      {
        version,
        suites: [...names(suites), ...fallback],
        signatures: opensslSchemes(schemes),
        ...(tls13 ? {} : { groups: classicGroups }),
      },
      undefined,
      tls13 && !ordered ? 'new' : 'any',
    );
    if (!answer.known) lost = answer.reason;
    return answer.known && answer.value.type === 'agreed' ? observeHandshake(answer.value.made) : undefined;
  };
  const able = names(suites).length > 0 && (tls13 || fallback.length > 0);
  const offerable = (): boolean => able && opensslSchemes(left()).length > 0;
  while (offerable()) {
    const seen = await choose(ordered ? [...left(), ...found] : left());
    const scheme = left().find(({ code }) => code === seen?.signature);
    if (scheme !== undefined) {
      found.push(scheme);
      continue;
    }
    // It has fallen back. Where it does not with schemes that it has, and all else the same, it has none of those.
    if (seen === undefined || !others.includes(seen.suite) || opensslSchemes(found).length === 0) break;
    const control = await choose(found);
    const conclusive = control !== undefined && suites.includes(control.suite);
    if (conclusive && left().every((each) => opensslSchemes([each]).length > 0 || rare.asked.includes(each)))
      return known({ signatures: found });
    break;
  }
  // What it has passed over, it has not. In TLS 1.3 the choice is encrypted; what OpenSSL knows is all that the version has.
  if (tls13) {
    if (lost !== undefined && found.length === 0) return unknown(lost);
    return known({ signatures: found, ...(lost === undefined ? {} : { incomplete: lost }) });
  }
  for (;;) {
    const picked = await pick(prober, suites, left());
    if (!picked.known) {
      return found.length === 0 ? picked : known({ signatures: found, incomplete: picked.reason });
    }
    if (picked.value === undefined) return known({ signatures: found });
    found.push(picked.value);
  }
}
