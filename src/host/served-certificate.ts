/** A certificate as a server sends it: what `certificate.ts` tells, and what an audit wants besides. */
import { createHash, X509Certificate } from 'node:crypto';
import { fail, ok, type Result } from '../base/result.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { certificateExtensions } from './certificate-extensions.ts';

export interface ServedCertificate extends Certificate {
  readonly serial: string;
  /** SHA-1 of the whole, lower-case hexadecimal: some monitoring still knows certificates by it. */
  readonly sha1: string;
  /** SHA-256 and SHA-512 as TLSA records match them (RFC 6698): of the certificate, of its key. */
  readonly matches: Readonly<
    Record<'certificate' | 'key', Readonly<Record<'full' | 'sha256' | 'sha512', string>>>
  >;
  /** The TLS feature extension asks for a stapled response (RFC 7633). */
  readonly mustStaple: boolean;
  /** Signed certificate timestamps are embedded (RFC 6962). */
  readonly timestamps: boolean;
  /** Meant for TLS servers, or for anything. */
  readonly forServers: boolean;
  /** Where its status can be asked, and its revocation list be had. */
  readonly ocsp: readonly string[];
  readonly crl: readonly string[];
  /** RSA's modulus and exponent, lower-case hexadecimal. */
  readonly rsa: { readonly modulus: string; readonly exponent: string } | undefined;
}

/** Ordinary certificates have some 2 kB; more is read by nobody. */
const largest = 256 * 1024;

export function readServedCertificate(der: Uint8Array): Result<ServedCertificate> {
  if (der.length > largest) {
    return fail('no', `cannot read the certificate: needs at most ${largest} bytes: it has ${der.length}`);
  }
  const read = readCertificate(der);
  if (!read.ok) return read;
  const certificate = new X509Certificate(der);
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return ok({
    ...read.value,
    serial: certificate.serialNumber.toLowerCase(),
    sha1: createHash('sha1').update(der).digest('hex'),
    matches: { certificate: hashes(der), key: hashes(spki) },
    ...extensions(der),
    ocsp: (certificate.infoAccess ?? '')
      .split('\n')
      .flatMap((line) => /^OCSP - URI:(\S+)$/.exec(line)?.[1] ?? []),
    rsa: rsaKey(certificate),
  });
}

function hashes(bytes: Uint8Array): Record<'full' | 'sha256' | 'sha512', string> {
  const hash = (name: string): string => createHash(name).update(bytes).digest('hex');
  return { full: Buffer.from(bytes).toString('hex'), sha256: hash('sha256'), sha512: hash('sha512') };
}

function rsaKey({ publicKey }: X509Certificate): ServedCertificate['rsa'] {
  if (publicKey.asymmetricKeyType !== 'rsa') return undefined;
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const hex = (text: string): string => Buffer.from(text, 'base64url').toString('hex');
  return { modulus: hex(n), exponent: hex(e) };
}

/** The content of object identifiers in DER: id-pe-tlsfeature, the list of timestamps, id-ce-extKeyUsage, id-ce-cRLDistributionPoints. */
const featureOid = '2b06010505070118';
const timestampsOid = '2b06010401d679020402';
const usageOid = '551d25';
const distributionOid = '551d1f';
/** id-kp-serverAuth and anyExtendedKeyUsage as DER. */
const usages = ['06082b06010505070301', '0604551d2500'];

function extensions(
  der: Uint8Array,
): Pick<ServedCertificate, 'mustStaple' | 'timestamps' | 'forServers' | 'crl'> {
  const raw = certificateExtensions(der);
  const usage = raw.get(usageOid);
  return {
    // A sequence with the number 5, status_request.
    mustStaple: raw.get(featureOid)?.includes('020105') ?? false,
    timestamps: raw.has(timestampsOid),
    forServers: usage === undefined || usages.some((each) => usage.includes(each)),
    crl: [
      ...Buffer.from(raw.get(distributionOid) ?? '', 'hex')
        .toString('latin1')
        .matchAll(/https?:\/\/[\w./:%~-]+/g),
    ].map(([uri]) => uri),
  };
}
