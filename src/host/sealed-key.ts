/**
 * A private key under a passphrase, for a disk: AES-256-GCM with a key that scrypt (RFC 7914) makes of
 * the passphrase. The file is JSON; its parameters are bound to the content, so nobody can weaken them.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';

const format = 'portreeve sealed key 1';

const shape = z.strictObject({
  format: z.literal(format),
  // The least that OWASP recommends, and no more than a machine of today can bear.
  scrypt: z.strictObject({
    n: z
      .int()
      .min(2 ** 15)
      .max(2 ** 20),
    r: z.literal(8),
    p: z.int().min(1).max(4),
  }),
  salt: z.base64(),
  nonce: z.base64(),
  data: z.base64().max(65_536),
});

type Header = Omit<z.infer<typeof shape>, 'data'>;

const tagBytes = 16;

export function sealKey(pem: string, passphrase: string): string {
  const header: Header = {
    format,
    scrypt: { n: 2 ** 17, r: 8, p: 1 },
    salt: randomBytes(16).toString('base64'),
    nonce: randomBytes(12).toString('base64'),
  };
  const cipher = createCipheriv(
    'aes-256-gcm',
    keyOf(header, passphrase),
    Buffer.from(header.nonce, 'base64'),
  );
  cipher.setAAD(Buffer.from(JSON.stringify(header)));
  const data = Buffer.concat([cipher.update(pem, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${JSON.stringify({ ...header, data: data.toString('base64') }, null, 1)}\n`;
}

export function isSealed(text: string): boolean {
  return text.trimStart().startsWith('{');
}

export function openKey(text: string, passphrase: string): Result<string> {
  const read = parse(text);
  if (!read.ok) return read;
  const { data, ...header } = read.value;
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length <= tagBytes) return broken;
  const nonce = Buffer.from(header.nonce, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(header, passphrase), nonce, {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(JSON.stringify(header)));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    const opened = Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]);
    return ok(opened.toString('utf8'));
  } catch {
    return fail('no', 'cannot open the key: the passphrase must be the right one: it is not', {
      hint: 'or the file was changed; nothing tells the two apart',
    });
  }
}

const broken = fail(
  'configuration',
  'cannot open the key: it must be a key that Portreeve sealed: it is not',
);

function parse(text: string): Result<z.infer<typeof shape>> {
  try {
    const read = shape.safeParse(JSON.parse(text));
    // In this order, which the tag was made over.
    if (!read.success) return broken;
    const { scrypt, salt, nonce, data } = read.data;
    return ok({ format, scrypt: { n: scrypt.n, r: scrypt.r, p: scrypt.p }, salt, nonce, data });
  } catch {
    return broken;
  }
}

function keyOf({ scrypt: { n, r, p }, salt }: Header, passphrase: string): Buffer {
  // NFC: the same letters typed on another keyboard are the same passphrase.
  return scryptSync(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), 32, {
    N: n,
    r,
    p,
    maxmem: 256 * n * r,
  });
}
