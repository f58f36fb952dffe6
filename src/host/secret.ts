/** Secrets: unguessable text, and whether two texts are the same, in constant time. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits, as 43 letters that a URL, a header and a cookie take as they are. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function isSameSecret(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
