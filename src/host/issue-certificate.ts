/**
 * Makes a certificate (RFC 5280) and the key pair it is for. Without an issuer it signs itself.
 */
import { keyPem, makeKey, signingKeys } from './make-key.ts';
import type { KeyType } from './key-type.ts';
import { nameConstraintsExtension } from './name-constraints.ts';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
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
  /** The domains that an authority may issue for; any without it. */
  readonly permitted?: readonly string[];
  readonly keyType?: KeyType;
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
  /** Hexadecimal. */
  readonly serial: string;
}

export async function issueCertificate(request: CertificateRequest, issuer?: Issuer): Promise<Issued> {
  const keys = await makeKey(request.keyType ?? 'p256');
  const parent = issuer === undefined ? undefined : new X509Certificate(issuer.certificate);
  const signer = issuer === undefined ? keys : signingKeys(issuer.key);
  const subject = request.commonName === '' ? [] : [{ CN: [request.commonName] }];
  const serial = serialNumber();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial,
    subject,
    issuer: parent === undefined ? subject : parent.subjectName.toJSON(),
    notBefore: new Date(request.notBefore),
    notAfter: new Date(request.notAfter),
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: signer.algorithm,
    extensions: [
      ...purpose(request),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(parent?.publicKey ?? keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: await keyPem(keys), serial };
}

function purpose({
  authority,
  names,
  commonName,
  permitted = [],
  keyType = 'p256',
}: CertificateRequest): Extension[] {
  if (authority) {
    return [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ...(permitted.length === 0 ? [] : [nameConstraintsExtension(permitted)]),
    ];
  }
  // The static RSA key exchange of old clients enciphers a key.
  return [
    new BasicConstraintsExtension(false, undefined, true),
    keyType.startsWith('rsa')
      ? new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true)
      : new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    // Critical where it is the only name (RFC 5280, section 4.2.1.6).
    new SubjectAlternativeNameExtension(
      names.map(({ type, value }) => ({ type, value })),
      commonName === '',
    ),
  ];
}

/** 127 random bits: positive, never zero, and as long for each certificate. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toHex();
}
