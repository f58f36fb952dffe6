/** ClientHello, SSL 3.0 to TLS 1.3 (RFC 8446, section 4.1.2): the body of the handshake message. */
import { ByteReader } from './byte-reader.ts';
import { decodeExtensions, encodeExtensions, type Extension } from './extension.ts';
import { joined, uint, uints, vector } from './write-bytes.ts';

export interface ClientHello {
  /** The highest version before TLS 1.3, which hides in an extension. */
  readonly version: number;
  /** 32 bytes. */
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly suites: readonly number[];
  readonly compressions: readonly number[];
  /** Undefined where the hello ends before them, as in SSL 3.0. */
  readonly extensions: readonly Extension[] | undefined;
}

export function encodeClientHello(hello: ClientHello): Uint8Array {
  return joined([
    uint(2, hello.version),
    hello.random,
    vector(1, hello.sessionId),
    vector(2, uints(2, hello.suites)),
    vector(1, uints(1, hello.compressions)),
    ...(hello.extensions === undefined ? [] : [encodeExtensions(hello.extensions)]),
  ]);
}

/** Undefined for what is no ClientHello. */
export function decodeClientHello(body: Uint8Array): ClientHello | undefined {
  const reader = new ByteReader(body);
  const hello = {
    version: reader.uint(2),
    random: reader.take(32),
    sessionId: reader.vector(1).rest(),
    suites: reader.vector(2).uints(2),
    compressions: reader.vector(1).uints(1),
    extensions: reader.left > 0 ? decodeExtensions(reader) : undefined,
  };
  return reader.short || reader.left > 0 ? undefined : hello;
}
