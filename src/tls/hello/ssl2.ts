/** SSL 2.0's two hellos (draft-hickman-netscape-ssl-00), for servers that should have forgotten it (RFC 6176). */
import { ByteReader } from './byte-reader.ts';
import { joined, uint, uints } from './write-bytes.ts';

export const ssl2Suites: ReadonlyMap<number, string> = new Map([
  [0x010080, 'SSL_CK_RC4_128_WITH_MD5'],
  [0x020080, 'SSL_CK_RC4_128_EXPORT40_WITH_MD5'],
  [0x030080, 'SSL_CK_RC2_128_CBC_WITH_MD5'],
  [0x040080, 'SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5'],
  [0x050080, 'SSL_CK_IDEA_128_CBC_WITH_MD5'],
  [0x060040, 'SSL_CK_DES_64_CBC_WITH_MD5'],
  [0x0700c0, 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5'],
  [0x080080, 'SSL_CK_RC4_64_WITH_MD5'],
]);

export function encodeSsl2Hello(suites: readonly number[], challenge: Uint8Array): Uint8Array {
  const body = joined([
    uint(1, 1),
    uint(2, 2),
    uints(2, [suites.length * 3, 0, challenge.length]),
    joined(suites.map((suite) => uint(3, suite))),
    challenge,
  ]);
  return joined([uint(2, 0x8000 + body.length), body]);
}

export interface Ssl2ServerHello {
  readonly certificate: Uint8Array;
  readonly suites: readonly number[];
}

export type Ssl2Answer =
  | { readonly type: 'hello'; readonly hello: Ssl2ServerHello }
  | { readonly type: 'error'; readonly code: number }
  | { readonly type: 'partial' }
  /** Anything else, such as an alert of TLS. */
  | { readonly type: 'other' };

export function readSsl2Answer(bytes: Uint8Array): Ssl2Answer {
  const [high] = bytes;
  if (high !== undefined && high < 0x80) return { type: 'other' };
  const reader = new ByteReader(bytes);
  const record = new ByteReader(reader.take(reader.uint(2) & 0x7fff));
  if (reader.short) return { type: 'partial' };
  const type = record.uint(1);
  if (type === 0) return { type: 'error', code: record.uint(2) };
  if (type !== 4) return { type: 'other' };
  record.take(2);
  record.take(2);
  const lengths = [record.uint(2), record.uint(2), record.uint(2)];
  const certificate = record.take(lengths[0] ?? 0);
  const list = new ByteReader(record.take(lengths[1] ?? 0));
  const suites: number[] = [];
  while (list.left > 0) suites.push(list.uint(3));
  record.take(lengths[2] ?? 0);
  return record.short || list.short ? { type: 'other' } : { type: 'hello', hello: { certificate, suites } };
}

export function encodeSsl2ServerHello({ certificate, suites }: Ssl2ServerHello): Uint8Array {
  const connection = new Uint8Array(16);
  const body = joined([
    Uint8Array.of(4, 0, 1, 0, 2),
    uints(2, [certificate.length, suites.length * 3, connection.length]),
    certificate,
    joined(suites.map((suite) => uint(3, suite))),
    connection,
  ]);
  return joined([uint(2, 0x8000 + body.length), body]);
}
