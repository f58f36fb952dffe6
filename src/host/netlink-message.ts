/**
 * Netlink messages as bytes (netlink(7), RFC 3549): a header, then what the subsystem puts there, then
 * attributes, each a length, a type and a value, padded to four bytes. Numbers are in the byte order of the
 * machine, and every machine that we run on is little-endian; nf_tables alone has its own in network order.
 */

export interface NetlinkMessage {
  readonly type: number;
  readonly sequence: number;
  /** What follows the header. */
  readonly body: Buffer;
}

/** linux/netlink.h */
export const request = 1;
export const acknowledge = 4;
export const dump = 0x300;
export const exclusive = 0x200;
export const create = 0x400;
const nested = 0x8000;
const headerSize = 16;

/** Writes messages one after the other into bytes that grow as they must. */
export class NetlinkWriter {
  #bytes: Buffer;
  #length = 0;
  #messageAt = 0;

  /** Room for so many bytes; there may be more. */
  constructor(room = 4096) {
    this.#bytes = Buffer.alloc(room);
  }

  get length(): number {
    return this.#length;
  }

  /** What has been written so far. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  beginMessage(type: number, flags: number, sequence: number): void {
    this.#messageAt = this.#length;
    this.uint32(0);
    this.uint16(type);
    this.uint16(flags);
    this.uint32(sequence);
    this.uint32(0);
  }

  endMessage(): void {
    this.#bytes.writeUInt32LE(this.#length - this.#messageAt, this.#messageAt);
  }

  /** Returns what `endNest` wants. */
  beginNest(type: number): number {
    const at = this.#length;
    this.uint16(0);
    this.uint16(type | nested);
    return at;
  }

  endNest(at: number): void {
    this.#bytes.writeUInt16LE(this.#length - at, at);
  }

  /** An attribute with a value; it is padded. */
  attribute(type: number, value: Uint8Array): void {
    this.uint16(4 + value.length);
    this.uint16(type);
    this.raw(value);
  }

  /** An attribute of text, ended by a zero byte. */
  text(type: number, value: string): void {
    this.attribute(type, Buffer.from(`${value}\0`));
  }

  /** An attribute of 64 bits in network order. */
  bigUint64BE(type: number, value: bigint): void {
    this.uint16(12);
    this.uint16(type);
    this.#reserve(8);
    this.#bytes.writeBigUInt64BE(value, this.#length);
    this.#length += 8;
  }

  raw(value: Uint8Array): void {
    const padded = (value.length + 3) & ~3;
    this.#reserve(padded);
    this.#bytes.set(value, this.#length);
    this.#bytes.fill(0, this.#length + value.length, this.#length + padded);
    this.#length += padded;
  }

  uint8(value: number): void {
    this.#reserve(1);
    this.#length = this.#bytes.writeUInt8(value, this.#length);
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.#length = this.#bytes.writeUInt16LE(value, this.#length);
  }

  uint16BE(value: number): void {
    this.#reserve(2);
    this.#length = this.#bytes.writeUInt16BE(value, this.#length);
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + size));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** The whole messages among the bytes; the rest of a damaged one is left out. */
export function readMessages(bytes: Buffer): NetlinkMessage[] {
  const messages: NetlinkMessage[] = [];
  let at = 0;
  while (at + headerSize <= bytes.length) {
    const length = bytes.readUInt32LE(at);
    if (length < headerSize || at + length > bytes.length) break;
    messages.push({
      type: bytes.readUInt16LE(at + 4),
      sequence: bytes.readUInt32LE(at + 8),
      body: bytes.subarray(at + headerSize, at + length),
    });
    at += (length + 3) & ~3;
  }
  return messages;
}

/** The attributes among the bytes by their type; of several of one type the last. */
export function readAttributesOf(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (const [type, value] of eachAttribute(bytes)) found.set(type, value);
  return found;
}

export function* eachAttribute(bytes: Buffer): Generator<[number, Buffer]> {
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = bytes.readUInt16LE(at);
    if (length < 4 || at + length > bytes.length) return;
    yield [bytes.readUInt16LE(at + 2) & 0x3fff, bytes.subarray(at + 4, at + length)];
    at += (length + 3) & ~3;
  }
}
