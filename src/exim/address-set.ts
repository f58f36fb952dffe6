/**
 * A set of addresses that is filled from the bytes of a log: IPv4 as numbers in a flat hash table, so
 * that a million addresses take eight megabytes; the others as strings.
 */
import { isIPv6, parseAddress } from '../base/address.ts';

const multiplier = 0x9e3779b1;

/** A set as plain data, which passes between threads. */
export interface AddressParts {
  readonly numbers: Int32Array;
  readonly texts: readonly string[];
}

export class AddressSet {
  #table = new Int32Array(1024);
  #used = 0;
  #hasZero = false;
  readonly #others = new Set<string>();

  get size(): number {
    return this.#used + (this.#hasZero ? 1 : 0) + this.#others.size;
  }

  addText(text: string): boolean {
    if (this.#others.has(text)) return true;
    const address = parseAddress(text);
    if (address === undefined) return false;
    if (isIPv6(address)) this.#others.add(address);
    else this.addNumber(address.split('.').reduce((value, part) => (value << 8) | Number(part), 0));
    return true;
  }

  /** An IPv4 address as 32 bits of a signed number. */
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
  parts(): AddressParts {
    const numbers = this.#table.filter((value) => value !== 0);
    return { numbers: this.#hasZero ? Int32Array.from([...numbers, 0]) : numbers, texts: [...this.#others] };
  }

  addParts({ numbers, texts }: AddressParts): void {
    for (const value of numbers) this.addNumber(value);
    for (const text of texts) this.#others.add(text);
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 2);
    this.#used = 0;
    for (const value of old) if (value !== 0) this.addNumber(value);
  }
}
