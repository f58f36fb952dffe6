/** Reads a private key just far enough to tell what it is; nothing of it is kept or shown. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { fail, ok, type Result } from '../base/result.ts';
import { type PublicKeyFacts, publicKeyFacts } from './public-key.ts';

/** What the public half is, or `locked` where a passphrase is needed to know. */
export function readPrivateKey(pem: string): Result<PublicKeyFacts | 'locked'> {
  try {
    return ok(publicKeyFacts(createPublicKey(createPrivateKey(pem))));
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MISSING_PASSPHRASE' || /interrupted or cancelled/.test(message)) return ok('locked');
    return fail('configuration', 'cannot read the private key: needs a key in PEM: it is not', {
      hint: 'a key in PEM starts with -----BEGIN PRIVATE KEY----- (or RSA, EC PRIVATE KEY)',
    });
  }
}
