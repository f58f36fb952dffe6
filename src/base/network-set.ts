/** Networks, asked for the one that an address is in: a look into one table for each length of prefix. */
import { addressWords, type Words } from './address-words.ts';
import type { Address } from './address.ts';
import { covers, type Network, prefixWords } from './network.ts';

export class NetworkSet {
  /** By length; then by the prefix. */
  readonly #lengths = new Map<number, Map<Key, Network>>();
  /** How many there are of IPv6 that hold all of IPv4 with it, such as ::/0. */
  #overIPv4 = 0;

  constructor(networks: Iterable<Network> = []) {
    for (const network of networks) this.add(network);
  }

  add(network: Network): void {
    const { bits, words } = network;
    const known = this.#lengths.get(bits) ?? new Map<Key, Network>();
    const key = keyOf(words, bits);
    if (!known.has(key) && holdsIPv4(network)) this.#overIPv4 += 1;
    known.set(key, network);
    this.#lengths.set(bits, known);
  }

  delete(network: Network): void {
    const { words, bits } = network;
    const known = this.#lengths.get(bits);
    if (known?.delete(keyOf(words, bits)) === true && holdsIPv4(network)) this.#overIPv4 -= 1;
    if (known?.size === 0) this.#lengths.delete(bits);
  }

  /** One that the address is in. */
  find(address: Address): Network | undefined {
    const words = addressWords(address);
    for (const [bits, known] of this.#lengths) {
      if (this.#isOfAnother(words, bits)) continue;
      const found = known.get(keyOf(words, bits));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Most that is asked for is IPv4, and nearly no length of IPv6 can hold it. */
  #isOfAnother(words: Words, bits: number): boolean {
    return bits <= ipv4Bits && this.#overIPv4 === 0 && isIPv4(words);
  }

  *all(): Generator<Network> {
    for (const known of this.#lengths.values()) yield* known.values();
  }

  /** Whether any of them has an address in common with this one. Looks at all of those that are longer. */
  overlaps(network: Network): boolean {
    for (const [bits, known] of this.#lengths) {
      if (network.bits >= ipv4Bits && this.#isOfAnother(network.words, bits)) continue;
      const isOver =
        bits <= network.bits
          ? known.has(keyOf(network.words, bits))
          : known.values().some((other) => covers(network, other.words));
      if (isOver) return true;
    }
    return false;
  }
}

const ipv4Bits = 96;

function isIPv4([first, second, third]: Words): boolean {
  return first === 0 && second === 0 && third === 0xffff;
}

function holdsIPv4(network: Network): boolean {
  return network.bits <= ipv4Bits && covers(network, [0, 0, 0xffff, 0]);
}

type Key = string | number;

/** IPv4, which is the most, fits one number; there is no other network that could be taken for it. */
function keyOf(words: Words, bits: number): Key {
  if (bits > ipv4Bits && isIPv4(words)) return words[3] & (-1 << (128 - bits));
  return prefixWords(words, bits).join(' ');
}
