/**
 * A set of addresses that is filled from the bytes of a log: IPv4 as numbers in a flat hash table, so
 * that a million addresses take eight megabytes; the others as strings.
 */
import { parseAddress } from '../base/address.ts';

const multiplier = 0x9e3779b1;

export class AddressSet {
  #table = new Uint32Array(1024);
  #used = 0;
  #hasZero = false;
  readonly #others = new Set<string>();

  get size(): number {
    return this.#used + (this.#hasZero ? 1 : 0) + this.#others.size;
  }

  /** Adds what stands in `bytes` from `from` to before `end`. Returns whether that is an address. */
  addBytes(bytes: Uint8Array, from: number, end: number): boolean {
    const value = readIPv4(bytes, from, end);
    if (value >= 0) {
      this.addNumber(value);
      return true;
    }
    if (end - from > 45) return false;
    return this.addText(String.fromCharCode(...bytes.subarray(from, end)));
  }

  addText(text: string): boolean {
    if (this.#others.has(text)) return true;
    const address = parseAddress(text);
    if (address === undefined) return false;
    const value = readIPv4(Uint8Array.from(address, (character) => character.charCodeAt(0)), 0, address.length);
    if (value >= 0) this.addNumber(value);
    else this.#others.add(address);
    return true;
  }

  addNumber(value: number): void {
    if (value === 0) {
      this.#hasZero = true;
      return;
    }
    const table = this.#table;
    const mask = table.length - 1;
    let slot = Math.imul(value, multiplier) >>> Math.clz32(mask);
    while (table[slot] !== 0) {
      if (table[slot] === value) return;
      slot = (slot + 1) & mask;
    }
    table[slot] = value;
    this.#used += 1;
    if (this.#used * 2 > table.length) this.#grow();
  }

  /** All of it, to be added to another set: numbers, and texts. */
  parts(): { numbers: Uint32Array<ArrayBuffer>; texts: string[] } {
    const numbers = this.#table.filter((value) => value !== 0);
    return { numbers: this.#hasZero ? Uint32Array.from([...numbers, 0]) : numbers, texts: [...this.#others] };
  }

  addParts({ numbers, texts }: { numbers: Uint32Array; texts: readonly string[] }): void {
    for (const value of numbers) this.addNumber(value);
    for (const text of texts) this.#others.add(text);
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    this.#used = 0;
    for (const value of old) if (value !== 0) this.addNumber(value);
  }
}

/** The address as a number, or -1 where the bytes are not a canonical dotted quad. */
export function readIPv4(bytes: Uint8Array, from: number, end: number): number {
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let at = from; at < end; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === 0x2e) {
      if (digits === 0) return -1;
      value = value * 256 + part;
      part = 0;
      digits = 0;
      dots += 1;
      continue;
    }
    if (code < 0x30 || code > 0x39 || (digits > 0 && part === 0)) return -1;
    part = part * 10 + code - 0x30;
    digits += 1;
    if (part > 255) return -1;
  }
  return dots === 3 && digits > 0 ? value * 256 + part : -1;
}
