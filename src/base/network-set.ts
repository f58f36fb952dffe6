/** Networks, asked for the one that an address is in: a look into one table for each length of prefix. */
import { addressWords, type Words } from './address-words.ts';
import type { Address } from './address.ts';
import { type Network, overlap, prefixWords } from './network.ts';

export class NetworkSet {
  /** By length; then by the words of the prefix. */
  readonly #lengths = new Map<number, Map<string, Network>>();

  constructor(networks: Iterable<Network> = []) {
    for (const network of networks) this.add(network);
  }

  add(network: Network): void {
    const { bits, words } = network;
    const known = this.#lengths.get(bits) ?? new Map<string, Network>();
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

  /** Whether any of them has an address in common with this one. Looks at all of them. */
  overlaps(network: Network): boolean {
    return [...this.#lengths.values()].some((known) =>
      [...known.values()].some((other) => overlap(other, network)),
    );
  }
}

function keyOf(words: Words, bits: number): string {
  return prefixWords(words, bits).join(' ');
}
