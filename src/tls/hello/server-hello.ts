/** ServerHello, SSL 3.0 to TLS 1.3, and HelloRetryRequest, which is one in disguise (RFC 8446, section 4.1.3). */
import { ByteReader } from './byte-reader.ts';
import { bodyOf, decodeExtensions, encodeExtensions, type Extension, extensionTypes } from './extension.ts';
import { joined, uint, vector } from './write-bytes.ts';

export interface ServerHello {
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly suite: number;
  readonly compression: number;
  readonly extensions: readonly Extension[] | undefined;
}

/** SHA-256 of "HelloRetryRequest". */
export const retryRandom: Uint8Array = Uint8Array.fromHex(
  'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c',
);

export function encodeServerHello(hello: ServerHello): Uint8Array {
  return joined([
    uint(2, hello.version),
    hello.random,
    vector(1, hello.sessionId),
    uint(2, hello.suite),
    uint(1, hello.compression),
    ...(hello.extensions === undefined ? [] : [encodeExtensions(hello.extensions)]),
  ]);
}

export function decodeServerHello(body: Uint8Array): ServerHello | undefined {
  const reader = new ByteReader(body);
  const hello = {
    version: reader.uint(2),
    random: reader.take(32),
    sessionId: reader.vector(1).rest(),
    suite: reader.uint(2),
    compression: reader.uint(1),
    extensions: reader.left > 0 ? decodeExtensions(reader) : undefined,
  };
  return reader.short || reader.left > 0 ? undefined : hello;
}

export function isRetry({ random }: ServerHello): boolean {
  return random.length === 32 && retryRandom.every((byte, index) => random[index] === byte);
}

/** The version that the server has chosen, wherever it says so. */
export function chosenVersion({ version, extensions = [] }: ServerHello): number {
  const body = bodyOf(extensions, extensionTypes.supportedVersions);
  return body === undefined ? version : new ByteReader(body).uint(2);
}

/** The group of the server's key share, or the one that it asks for in a retry; TLS 1.3 alone. */
export function chosenGroup({ extensions = [] }: ServerHello): number | undefined {
  const body = bodyOf(extensions, extensionTypes.keyShare);
  return body === undefined ? undefined : new ByteReader(body).uint(2);
}
