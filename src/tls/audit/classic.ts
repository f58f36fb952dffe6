/**
 * The versions of a server as the searches for their suites make them known: some questions wait for the
 * first suite of a version, some for all.
 */
import type { CipherSuite } from '../hello/cipher-suite.ts';
import type { Offer } from '../hello/offer.ts';
import { findSuites, type HelloVersion, type SearchBegun } from './find-suites.ts';
import { safeListLength } from './list-length.ts';
import type { Prober } from './prober.ts';
import { suiteCandidates } from './suite-candidates.ts';
import type { Verdict } from './verdict.ts';

const classicVersions = ['TLSv1.2', 'TLSv1.1', 'TLSv1.0', 'SSLv3'] as const;

/** By version. */
export type Searches = Readonly<Record<HelloVersion, SearchBegun>>;

/** The best version before TLS 1.3, with all its suites: much is seen in clear there alone. */
export interface Classic {
  readonly version: (typeof classicVersions)[number];
  readonly suites: readonly CipherSuite[];
  readonly offer: Offer;
  /** There may be more suites. */
  readonly incomplete: string | undefined;
}

/** Undefined: only TLS 1.3 is spoken; text: why that is not known. */
export type MaybeClassic = Classic | string | undefined;

export function searchAll(prober: Prober): Searches {
  let safe: Promise<number> | undefined;
  const begin = (version: HelloVersion): SearchBegun =>
    findSuites(prober, version, async () => await (safe ??= askSafe()));
  const askSafe = async (): Promise<number> => {
    for (const version of ['TLSv1.2', 'TLSv1.1', 'TLSv1.0'] as const) {
      const canary = await search[version].first;
      if (canary !== undefined) return await safeListLength(prober, version, canary);
    }
    return 0;
  };
  const search = {
    'TLSv1.3': begin('TLSv1.3'),
    'TLSv1.2': begin('TLSv1.2'),
    'TLSv1.1': begin('TLSv1.1'),
    'TLSv1.0': begin('TLSv1.0'),
    SSLv3: begin('SSLv3'),
  };
  safe = askSafe();
  return search;
}

/** The best version before TLS 1.3 as soon as it is known to be spoken: many questions need no more. */
export async function earliestOf(search: Searches): Promise<Classic['version'] | undefined> {
  for (const version of classicVersions) {
    if ((await search[version].first) !== undefined) return version;
  }
  return undefined;
}

export async function classicOf(search: Searches): Promise<MaybeClassic> {
  let lost: string | undefined;
  for (const version of classicVersions) {
    const answer = await search[version].all;
    if (!answer.known) lost ??= `${version} could not be asked: ${answer.reason}`;
    else if (answer.value.suites.length > 0) {
      const { suites, incomplete } = answer.value;
      return { version, suites, offer: { version, suites: codes(suites) }, incomplete };
    }
  }
  return lost;
}

export function codes(suites: readonly CipherSuite[]): number[] {
  return suites.map(({ code }) => code);
}

/** Suites that a version may have, the likely ones first, no more than every server reads. */
export function likely(version: HelloVersion, fits: (suite: CipherSuite) => boolean): number[] {
  return codes(suiteCandidates(version).filter(fits).slice(0, 63));
}

const tls13Only = 'no version before TLS 1.3 is spoken';

/** What is to be said of older versions where there are none, or where that is not known. */
export function without(best: string | undefined): Verdict {
  return best === undefined ? no(tls13Only) : { answer: 'unknown', evidence: best };
}

export function no(evidence: string): Verdict {
  return { answer: 'no', evidence };
}
