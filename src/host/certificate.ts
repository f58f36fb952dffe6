/** Reads an X.509 certificate (RFC 5280) into plain facts; the cryptography is OpenSSL's, through Node. */
import { createHash, X509Certificate } from 'node:crypto';
import { fail, ok, type Result } from '../base/result.ts';
import { type PublicKeyFacts, publicKeyFacts } from './public-key.ts';

export interface Certificate {
  /** As RFC 4514 writes names, without its escapes: `CN=mx.example.org, O=Example`. */
  readonly subject: string;
  readonly issuer: string;
  /** The DNS names and IP addresses of the subject alternative name. */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly key: PublicKeyFacts;
  readonly signature: string;
  /** SHA-256 of the whole certificate, lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly isAuthority: boolean;
  readonly selfSigned: boolean;
  /** Where its issuer's certificate can be fetched (RFC 5280, section 4.2.2.1), if it tells. */
  readonly issuerUrl: string | undefined;
  readonly pem: string;
}

export function readCertificate(source: string | Uint8Array): Result<Certificate> {
  try {
    return ok(certificateFacts(new X509Certificate(source)));
  } catch {
    return fail('configuration', 'cannot read the certificate: needs X.509 in PEM or DER: it is not', {
      hint: 'a certificate in PEM starts with -----BEGIN CERTIFICATE-----',
    });
  }
}

/** Whether `issuer` is named as issuer of `certificate` and has signed it. */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  const child = new X509Certificate(certificate.pem);
  const parent = new X509Certificate(issuer.pem);
  return child.checkIssued(parent) && child.verify(parent.publicKey);
}

function certificateFacts(certificate: X509Certificate): Certificate {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: alternativeNames(certificate.subjectAltName),
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
    key: publicKeyFacts(certificate.publicKey),
    signature: certificate.signatureAlgorithm ?? certificate.signatureAlgorithmOid,
    fingerprint: createHash('sha256').update(certificate.raw).digest('hex'),
    isAuthority: certificate.ca,
    selfSigned: certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey),
    issuerUrl: /^CA Issuers - URI:(\S+)$/m.exec(certificate.infoAccess ?? '')?.[1],
    pem: certificate.toString(),
  };
}

/** Node writes one attribute a line, the most significant first; of an empty name it tells nothing. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').filter(Boolean).toReversed().join(', ');
}

/**
 * Node writes `DNS:a, DNS:b, IP Address:192.0.2.1`, and puts a name with odd characters into JSON
 * quotes (CVE-2021-44532); those are no host names, so they are left out.
 */
function alternativeNames(text: string | undefined): string[] {
  return (text ?? '').split(', ').flatMap((entry) => {
    const [, name] = /^(?:DNS|IP Address):([\w.:*-]+)$/.exec(entry) ?? [];
    return name === undefined ? [] : [name];
  });
}
