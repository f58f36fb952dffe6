/** What a server makes of a hello that offers what nobody should take, and of a ChangeCipherSpec that comes too early. */
import { type Extension, extensionTypes } from '../hello/extension.ts';
import { ccsInjection } from './ccs-injection.ts';
import { type Classic, likely, type MaybeClassic, without } from './classic.ts';
import { type Observation, observe } from './observation.ts';
import type { Prober } from './prober.ts';
import type { Verdict } from './verdict.ts';

/** Timestamps by extension (RFC 6962). */
const oddExtensions: readonly Extension[] = [
  { type: extensionTypes.certificateTimestamps, body: new Uint8Array(0) },
];

export interface Oddity {
  /** Why nothing is known of it is text. */
  readonly seen: Observation | string | undefined;
  readonly ccs: Verdict;
}

/**
 * Offers what nobody should take (compression, heartbeats), and ends with an early ChangeCipherSpec: one
 * connection for both. It offers suites with CBC, because those alone can have encrypt-then-MAC (RFC 7366);
 * a server that takes none of them is asked again with what it has.
 */
export async function oddityOf(
  prober: Prober,
  earliest: Promise<Classic['version'] | undefined>,
  classic: Promise<MaybeClassic>,
): Promise<Oddity> {
  const strange = {
    compressions: [1, 0],
    heartbeat: true,
    extendedMasterSecret: true,
    encryptThenMac: true,
    more: oddExtensions,
  };
  const version = await earliest;
  if (version !== undefined) {
    const suites = likely(version, ({ cipher }) => cipher.includes('CBC'));
    const { flight, verdict } = await ccsInjection(prober, { version, suites, ...strange });
    const seen = flight === undefined ? undefined : observe(flight);
    if (seen !== undefined) return { seen, ccs: verdict };
  }
  const best = await classic;
  if (typeof best !== 'object') return { seen: best, ccs: without(best) };
  const { flight, refusal, verdict } = await ccsInjection(prober, { ...best.offer, ...strange });
  const seen = flight === undefined ? undefined : observe(flight);
  if (seen !== undefined) return { seen, ccs: verdict };
  const { verdict: ccs } = await ccsInjection(prober, best.offer);
  return { seen: `the hello with compression and heartbeats is not agreed to: ${refusal}`, ccs };
}
