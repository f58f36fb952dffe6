/** How an authority is asked about the renewal of a certificate (RFC 9773, section 4.1): key identifier and serial. */
import { AuthorityKeyIdentifierExtension, X509Certificate } from './x509.ts';

/** Undefined where the certificate has no authority key identifier. */
export function renewalIdentifier(pem: string): string | undefined {
  const certificate = new X509Certificate(pem);
  const keyId = certificate.getExtension(AuthorityKeyIdentifierExtension)?.keyId;
  if (keyId === undefined) return undefined;
  const serial = Buffer.from(certificate.serialNumber, 'hex');
  // As DER has it: a zero byte before a first bit that is set.
  const positive = (serial[0] ?? 0) < 0x80 ? serial : Buffer.concat([Buffer.alloc(1), serial]);
  return `${Buffer.from(keyId, 'hex').toString('base64url')}.${positive.toString('base64url')}`;
}
