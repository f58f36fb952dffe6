/**
 * Makes a certificate (RFC 5280) and the key pair it is for: ECDSA on P-256, signed with SHA-256.
 * Without an issuer it signs itself.
 */
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from './x509.ts';

export interface CertificateRequest {
  /** Empty for none; the names of a server are in `names`. */
  readonly commonName: string;
  readonly names: readonly { readonly type: 'dns' | 'ip'; readonly value: string }[];
  /** May sign certificates of servers, but no further authorities. */
  readonly authority: boolean;
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface Issuer {
  readonly certificate: string;
  readonly key: string;
}

export interface Issued {
  /** Both in PEM; the key in PKCS #8, not encrypted. */
  readonly certificate: string;
  readonly key: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export async function issueCertificate(request: CertificateRequest, issuer?: Issuer): Promise<Issued> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const parent = issuer === undefined ? undefined : new X509Certificate(issuer.certificate);
  const signingKey = issuer === undefined ? keys.privateKey : await importKey(issuer.key);
  const subject = request.commonName === '' ? [] : [{ CN: [request.commonName] }];
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: parent === undefined ? subject : parent.subjectName.toJSON(),
    notBefore: new Date(request.notBefore),
    notAfter: new Date(request.notAfter),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      ...purpose(request),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(parent?.publicKey ?? keys.publicKey),
    ],
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${PemConverter.encode(key, 'PRIVATE KEY')}\n`,
  };
}

function purpose({ authority, names, commonName }: CertificateRequest): Extension[] {
  if (authority) {
    return [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ];
  }
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    // Critical where it is the only name (RFC 5280, section 4.2.1.6).
    new SubjectAlternativeNameExtension(
      names.map(({ type, value }) => ({ type, value })),
      commonName === '',
    ),
  ];
}

async function importKey(pem: string): Promise<CryptoKey> {
  return await crypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), algorithm, false, ['sign']);
}

/** 127 random bits: positive, never zero, and as long for each certificate. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toHex();
}
