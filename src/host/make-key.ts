/** Makes a key pair, and reads the one that a PEM text (PKCS #8, PKCS #1 or SEC 1) holds, to sign with. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { type KeyAlgorithm, keyAlgorithms, type KeyType } from './key-type.ts';

export interface SigningKeys {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
  readonly algorithm: KeyAlgorithm;
}

export async function makeKey(type: KeyType): Promise<SigningKeys> {
  const algorithm = keyAlgorithms[type];
  const made = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  if (!('publicKey' in made)) throw new Error(`${type} is not an asymmetric key`);
  const { publicKey, privateKey } = made;
  return { publicKey, privateKey, algorithm };
}

/** The PEM text must hold a key without a passphrase, RSA or EC on P-256 or P-384. */
export function signingKeys(pem: string): SigningKeys {
  const secret = createPrivateKey(pem);
  const algorithm = keyAlgorithms[typeOf(secret)];
  return {
    algorithm,
    privateKey: secret.toCryptoKey(algorithm, true, ['sign']),
    publicKey: createPublicKey(secret).toCryptoKey(algorithm, true, ['verify']),
  };
}

export async function keyPem({ privateKey }: SigningKeys): Promise<string> {
  const bytes = await crypto.subtle.exportKey('pkcs8', privateKey);
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

function typeOf(key: KeyObject): KeyType {
  const { namedCurve } = key.asymmetricKeyDetails ?? {};
  // How long an RSA key is does not matter any more once there is one.
  return namedCurve === 'secp384r1' ? 'p384' : key.asymmetricKeyType === 'ec' ? 'p256' : 'rsa2048';
}
