/** Makes a certificate revocation list (RFC 5280, section 5), signed by the authority. */
import type { Issuer } from './issue-certificate.ts';
import type { RevocationReason } from './revocation-reason.ts';
import { signingKeys } from './make-key.ts';
import {
  AuthorityKeyIdentifierExtension,
  Extension,
  X509Certificate,
  X509CrlGenerator,
  X509CrlReason,
} from './x509.ts';

export interface Revocation {
  /** Hexadecimal. */
  readonly serial: string;
  readonly at: number;
  readonly reason: RevocationReason;
}

const reasons: Readonly<Record<RevocationReason, X509CrlReason>> = {
  'key-compromise': X509CrlReason.keyCompromise,
  superseded: X509CrlReason.superseded,
  cessation: X509CrlReason.cessationOfOperation,
};

export interface CrlRequest {
  readonly revoked: readonly Revocation[];
  /** Grows with each list. */
  readonly number: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

const crlNumber = '2.5.29.20';

/** In PEM. */
export async function issueCrl(request: CrlRequest, issuer: Issuer): Promise<string> {
  const parent = new X509Certificate(issuer.certificate);
  const signer = signingKeys(issuer.key);
  const crl = await X509CrlGenerator.create({
    issuer: parent.subjectName.toJSON(),
    thisUpdate: new Date(request.thisUpdate),
    nextUpdate: new Date(request.nextUpdate),
    entries: request.revoked.map(({ serial, at, reason }) => ({
      serialNumber: serial,
      revocationDate: new Date(at),
      reason: reasons[reason],
    })),
    signingKey: signer.privateKey,
    signingAlgorithm: signer.algorithm,
    extensions: [
      await AuthorityKeyIdentifierExtension.create(parent.publicKey),
      new Extension(crlNumber, false, integer(request.number)),
    ],
  });
  // The label of RFC 7468, section 9, which the library does not use.
  return `${crl.toString('pem').replaceAll(/(BEGIN|END) CRL/g, '$1 X509 CRL')}\n`;
}

/** A positive INTEGER in DER. */
function integer(value: number): Uint8Array<ArrayBuffer> {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  const positive = (bytes[0] ?? 0) < 0x80 ? [...bytes] : [0, ...bytes];
  return Uint8Array.of(0x02, positive.length, ...positive);
}
