/** HMAC-SHA-256 as lower-case hexadecimal, and keys for it. */
import { createHmac, randomBytes } from 'node:crypto';

export function hmac(key: string, content: Uint8Array): string {
  return createHmac('sha256', key).update(content).digest('hex');
}

export function newKey(): string {
  return randomBytes(32).toString('hex');
}
