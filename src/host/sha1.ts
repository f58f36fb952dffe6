/** SHA-1 as lower-case hexadecimal: the name of an object in git, and good for nothing else. */
import { createHash } from 'node:crypto';

export function sha1(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
