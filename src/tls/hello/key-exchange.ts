/** ServerKeyExchange (RFC 5246, section 7.4.3; RFC 8422, section 5.4): group or prime, and the signature scheme. */
import { ByteReader } from './byte-reader.ts';

export interface KeyExchange {
  /** A named curve. */
  readonly group?: number;
  /** A curve written out, which nobody should accept (RFC 8422 has removed them). */
  readonly explicitCurve?: boolean;
  readonly prime?: Uint8Array;
  readonly generator?: Uint8Array;
  readonly publicKey: Uint8Array;
  /** TLS 1.2 alone. */
  readonly signature?: number;
}

/** `exchange` as the suite has it; `withScheme` in TLS 1.2. Undefined where it cannot be read. */
export function decodeKeyExchange(
  body: Uint8Array,
  exchange: string,
  withScheme: boolean,
): KeyExchange | undefined {
  const reader = new ByteReader(body);
  const read = exchange.startsWith('ECDH') ? curve(reader) : field(reader, exchange);
  if (read.explicitCurve === true) return read;
  const signed = reader.left > 0 && !exchange.endsWith('anon');
  const signature = withScheme && signed ? reader.uint(2) : undefined;
  if (reader.short) return undefined;
  return { ...read, ...(signature === undefined ? {} : { signature }) };
}

function curve(reader: ByteReader): KeyExchange {
  if (reader.uint(1) !== 3) return { explicitCurve: true, publicKey: new Uint8Array(0) };
  return { group: reader.uint(2), publicKey: reader.vector(1).rest() };
}

function field(reader: ByteReader, exchange: string): KeyExchange {
  // An export RSA key has the same shape: modulus and exponent, and no third number.
  const prime = reader.vector(2).rest();
  const generator = reader.vector(2).rest();
  return {
    prime,
    generator,
    publicKey: exchange === 'RSA' ? new Uint8Array(0) : reader.vector(2).rest(),
  };
}

/** The size of an unsigned number in bits. */
export function bitLength(value: Uint8Array): number {
  const first = value.findIndex((byte) => byte !== 0);
  if (first === -1) return 0;
  return (value.length - first) * 8 - Math.clz32(value[first] ?? 0) + 24;
}
