/** Handshake messages (RFC 8446, section 4): a type, a length, a body; they may span records. */
import { ByteReader } from './byte-reader.ts';
import { joined, uint, vector } from './write-bytes.ts';

export const handshakeTypes = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  certificateStatus: 22,
} as const;

export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
}

export function encodeMessage({ type, body }: HandshakeMessage): Uint8Array {
  return joined([uint(1, type), vector(3, body)]);
}

export function readMessages(bytes: Uint8Array): { messages: HandshakeMessage[]; rest: Uint8Array } {
  const messages: HandshakeMessage[] = [];
  let rest = bytes;
  while (rest.length >= 4) {
    const reader = new ByteReader(rest);
    const type = reader.uint(1);
    const body = reader.vector(3).rest();
    if (reader.short) break;
    messages.push({ type, body });
    rest = reader.rest();
  }
  return { messages, rest };
}
