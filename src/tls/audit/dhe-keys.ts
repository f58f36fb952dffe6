/** The keys that a server has used with finite fields before TLS 1.3: RACCOON needs one that comes twice. */
import type { CipherSuite } from '../hello/cipher-suite.ts';
import type { Offer } from '../hello/offer.ts';
import { opensslVersion } from './find-suites.ts';
import type { Observation } from './observation.ts';
import { isWhole, type Prober } from './prober.ts';

export function dheKeys(seen: readonly Observation[]): string[] {
  return seen.flatMap(({ keyExchange, suite }) =>
    keyExchange?.prime === undefined || suite.exchange === 'RSA' ? [] : [keyExchange.publicKey.toHex()],
  );
}

/** Other handshakes may have shown two keys already; the suites are those of the version. */
export async function seeTwoKeys(
  prober: Prober,
  version: Exclude<Offer['version'], 'TLSv1.3'>,
  suites: readonly CipherSuite[],
): Promise<void> {
  const fitting = suites.filter(({ exchange }) => /^(?:DHE|DH_anon)/.test(exchange));
  const names = fitting.flatMap(({ openssl }) => openssl ?? []);
  for (let tries = 0; tries < 2 && fitting.length > 0 && dheKeys(prober.seen).length < 2; tries += 1) {
    if (version !== 'SSLv3' && names.length > 0) {
      const answer = await prober.handshake({ version: opensslVersion(version), suites: names });
      if (answer.known && answer.value.type === 'agreed') continue;
    }
    await prober.ask({ version, suites: fitting.map(({ code }) => code) }, isWhole);
  }
}
