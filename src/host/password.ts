/**
 * Passwords as argon2id hashes in the PHC string form (`$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`), with
 * OWASP's smallest cost: 19 MiB and two passes, about 35 ms. Checking compares in constant time.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);
const cost = { parallelism: 1, tagLength: 32, memory: 19_456, passes: 2 };

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const hash = await derive('argon2id', { message: password, nonce, ...cost });
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(hash)}`;
}

/** False as well where the hash is none, or costs more than ours does: it was not made here. */
export async function isPassword(password: string, phc: string): Promise<boolean> {
  const read = /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d),p=(\d)\$([\w+/]{8,64})\$([\w+/]{43})$/.exec(phc.trim());
  const [, memory, passes, parallelism, nonce = '', expected = ''] = read ?? [];
  if (read === null || Number(memory) > 65_536) return false;
  const hash = await derive('argon2id', {
    message: password,
    nonce: Buffer.from(nonce, 'base64'),
    tagLength: 32,
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  });
  return timingSafeEqual(hash, Buffer.from(expected, 'base64'));
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
