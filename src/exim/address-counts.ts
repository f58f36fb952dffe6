/** How often each IPv4 address was seen, in flat arrays: a million addresses take sixteen megabytes. */

const multiplier = 0x9e3779b1;

export class AddressCounts {
  #addresses = new Int32Array(1024);
  /** Of the address in the same place; 0 where there is none. */
  #counts = new Uint32Array(1024);
  #used = 0;

  /** An address as 32 bits of a signed number. */
  add(address: number, more = 1): void {
    const addresses = this.#addresses;
    const counts = this.#counts;
    const mask = addresses.length - 1;
    let slot = Math.imul(address, multiplier) >>> Math.clz32(mask);
    while (counts[slot] !== 0 && addresses[slot] !== address) slot = (slot + 1) & mask;
    const count = counts[slot] ?? 0;
    counts[slot] = count + more;
    if (count !== 0) return;
    addresses[slot] = address;
    this.#used += 1;
    if (this.#used * 2 > addresses.length) this.#grow();
  }

  *[Symbol.iterator](): Generator<readonly [address: number, count: number]> {
    for (const [slot, count] of this.#counts.entries())
      if (count > 0) yield [this.#addresses[slot] ?? 0, count];
  }

  #grow(): void {
    const seen = [...this];
    this.#addresses = new Int32Array(this.#addresses.length * 2);
    this.#counts = new Uint32Array(this.#addresses.length);
    this.#used = 0;
    for (const [address, count] of seen) this.add(address, count);
  }
}
