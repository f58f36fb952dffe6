/** Networks, asked for the one that an address is in: a look into one table for each length of prefix. */
import { addressWords, type Words } from './address-words.ts';
import type { Address } from './address.ts';
import { covers, type Network, prefixWords } from './network.ts';

export class NetworkSet {
  /** By length; then by the prefix. */
  readonly #lengths = new Map<number, Map<Key, Network>>();

  constructor(networks: Iterable<Network> = []) {
    for (const network of networks) this.add(network);
  }

  add(network: Network): void {
    const { bits, words } = network;
    const known = this.#lengths.get(bits) ?? new Map<Key, Network>();
    known.set(keyOf(words, bits), network);
    this.#lengths.set(bits, known);
  }

  delete({ words, bits }: Network): void {
    const known = this.#lengths.get(bits);
    known?.delete(keyOf(words, bits));
    if (known?.size === 0) this.#lengths.delete(bits);
  }

  /** One that the address is in. */
  find(address: Address): Network | undefined {
    const words = addressWords(address);
    for (const [bits, known] of this.#lengths) {
      const found = known.get(keyOf(words, bits));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  *all(): Generator<Network> {
    for (const known of this.#lengths.values()) yield* known.values();
  }

  /** Whether any of them has an address in common with this one. Looks at all of those that are longer. */
  overlaps(network: Network): boolean {
    for (const [bits, known] of this.#lengths) {
      const isOver =
        bits <= network.bits
          ? known.has(keyOf(network.words, bits))
          : known.values().some((other) => covers(network, other.words));
      if (isOver) return true;
    }
    return false;
  }
}

type Key = string | number;

/** IPv4, which is the most, fits one number; there is no other network that could be taken for it. */
function keyOf(words: Words, bits: number): Key {
  const [first, second, third, last] = words;
  if (bits > 96 && first === 0 && second === 0 && third === 0xffff) return last & (-1 << (128 - bits));
  return prefixWords(words, bits).join(' ');
}
