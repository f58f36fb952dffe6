/**
 * When the authority wants a certificate renewed (RFC 9773, section 4.2): a moment at random within its window.
 * Undefined where it has no such information, or does not answer: then two thirds of the life count.
 */
import { readCertificateFile } from '../../host/certificate-file.ts';
import { renewalIdentifier } from '../../host/renewal-identifier.ts';
import { acmeGet } from './session.ts';
import { renewalInfoShape } from './shapes.ts';

export interface RenewalRequest {
  readonly roots: readonly string[] | undefined;
  /** The moment that was chosen before; it stands as long as the window still holds it. */
  readonly known?: number | undefined;
}

/** `renewalInfo`: the URL in the directory; `chain` in PEM. */
export async function renewalTime(
  renewalInfo: string | undefined,
  chain: string,
  { roots, known }: RenewalRequest,
): Promise<number | undefined> {
  const read = readCertificateFile(chain, 'the certificate');
  const leaf = read.ok ? read.value[0] : undefined;
  const id = leaf === undefined ? undefined : renewalIdentifier(leaf.pem);
  if (renewalInfo === undefined || id === undefined) return undefined;
  const url = `${renewalInfo.replace(/\/$/, '')}/${id}`;
  const told = await acmeGet('ask for the time of renewal', url, renewalInfoShape, roots);
  if (!told.ok) return undefined;
  const start = Date.parse(told.value.suggestedWindow.start);
  const end = Date.parse(told.value.suggestedWindow.end);
  if (!(end >= start)) return undefined;
  if (known !== undefined && known >= start && known <= end) return known;
  return Math.floor(start + Math.random() * (end - start));
}
