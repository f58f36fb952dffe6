/** What a public key is, so that a certificate and a private key can be compared without either. */
import { createHash, type KeyObject } from 'node:crypto';

export interface PublicKeyFacts {
  readonly kind: 'RSA' | 'EC' | 'Ed25519' | 'Ed448' | 'other';
  readonly bits: number;
  /** As people write it: `RSA 2048`, `EC P-256`. */
  readonly text: string;
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal: equal for a key and its certificate. */
  readonly fingerprint: string;
}

const curves: Readonly<Record<string, readonly [string, number]>> = {
  prime256v1: ['P-256', 256],
  secp384r1: ['P-384', 384],
  secp521r1: ['P-521', 521],
  secp224r1: ['P-224', 224],
};

export function publicKeyFacts(key: KeyObject): PublicKeyFacts {
  const fingerprint = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return { kind: 'RSA', bits: modulusLength, text: `RSA ${modulusLength}`, fingerprint };
    case 'ec': {
      const [name, bits] = curves[namedCurve] ?? [namedCurve, Number(/\d{3}/.exec(namedCurve)?.[0] ?? 0)];
      return { kind: 'EC', bits, text: `EC ${name}`, fingerprint };
    }
    case 'ed25519':
      return { kind: 'Ed25519', bits: 256, text: 'Ed25519', fingerprint };
    case 'ed448':
      return { kind: 'Ed448', bits: 456, text: 'Ed448', fingerprint };
    default:
      return { kind: 'other', bits: 0, text: key.asymmetricKeyType ?? 'unknown', fingerprint };
  }
}
