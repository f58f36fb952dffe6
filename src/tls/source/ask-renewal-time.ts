/** Asks an authority anew when it wants a certificate back (RFC 9773, section 4.2); other sources have no opinion. */
import { readText } from '../../host/files.ts';
import { readCertificateFile } from '../../host/certificate-file.ts';
import type { Source } from './source.ts';

/** `known`: what it said the last time, which stands where it does not answer. */
export async function askRenewalTime(
  source: Source,
  chain: string,
  known: number | undefined,
): Promise<number | undefined> {
  if (source.kind !== 'acme') return undefined;
  const { acmeGet } = await import('../acme/session.ts');
  const { directoryShape } = await import('../acme/shapes.ts');
  const { renewalTime } = await import('../acme/renewal-time.ts');
  const roots = await rootsIn(source.roots);
  const directory = await acmeGet('ask for the time of renewal', source.directory, directoryShape, roots);
  if (!directory.ok || directory.value.renewalInfo === undefined) return known;
  return (await renewalTime(directory.value.renewalInfo, chain, { roots, known })) ?? known;
}

async function rootsIn(path: string | undefined): Promise<string[] | undefined> {
  const text = path === undefined ? undefined : await readText(path, 1024 * 1024);
  if (path === undefined || text?.ok !== true) return undefined;
  const read = readCertificateFile(text.value, path);
  return read.ok ? read.value.map(({ pem }) => pem) : undefined;
}
