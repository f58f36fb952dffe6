/** The certificates in a PEM text, in its order; text between them (as `openssl x509 -text` leaves) is skipped. */
import { fail, ok, type Result } from '../base/result.ts';
import { type Certificate, readCertificate } from './certificate.ts';

const mostCertificates = 20;

export function readCertificateFile(text: string, path: string): Result<Certificate[]> {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]{1,100000}-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0 || blocks.length > mostCertificates) {
    return fail(
      'configuration',
      `cannot read ${path}: needs 1 to ${mostCertificates} certificates in PEM: there are ${blocks.length}`,
      { path, hint: 'a certificate in PEM starts with -----BEGIN CERTIFICATE-----' },
    );
  }
  const chain: Certificate[] = [];
  for (const block of blocks) {
    const certificate = readCertificate(block);
    if (!certificate.ok) return { ok: false, problem: { ...certificate.problem, path } };
    chain.push(certificate.value);
  }
  return ok(chain);
}
