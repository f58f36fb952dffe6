/**
 * The fingerprint of a secret: tells whether it is the same one, and nothing more. Keyed, because the plain
 * hash of a password is found by trying words; half of it is plenty to compare.
 */
import { hmac } from '../host/hmac.ts';

export function fingerprint(key: string, content: Uint8Array): string {
  return hmac(`portreeve secret fingerprint 1 ${key}`, content).slice(0, 32);
}
