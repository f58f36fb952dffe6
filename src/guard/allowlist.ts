/**
 * Addresses and networks that are never banned. Loopback is always among them (RFC 1122 §3.2.1.3,
 * RFC 4291 §2.5.3). Names stand here as the addresses that they were resolved to.
 */
import type { Address } from '../base/address.ts';
import { type Network, networkOf, parseNetwork } from '../base/network.ts';
import { NetworkSet } from '../base/network-set.ts';

const loopback = ['127.0.0.0/8', '::1'].flatMap((text) => parseNetwork(text) ?? []);

const loopbackTexts = new Set(loopback.map(({ text }) => text));

export class Allowlist {
  readonly #networks: NetworkSet;
  readonly #named: readonly Network[];
  /** Those that a person has added to the running guard. */
  readonly byHand: readonly Network[];

  constructor(
    addresses: Iterable<Address>,
    networks: Iterable<Network> = [],
    byHand: readonly Network[] = [],
  ) {
    const singles = Array.from(addresses, (address) => networkOf(address, 128));
    this.#named = [...singles, ...networks];
    this.byHand = byHand;
    this.#networks = new NetworkSet([...loopback, ...this.#named, ...byHand]);
  }

  /** The same, with others by hand. */
  withByHand(networks: readonly Network[]): Allowlist {
    return new Allowlist([], this.#named, networks);
  }

  has(address: Address): boolean {
    return this.#networks.find(address) !== undefined;
  }

  /** As people write them; loopback, which needs no place anywhere, left out. */
  texts(): string[] {
    return [...this.#networks.all()].map(({ text }) => text).filter((text) => !loopbackTexts.has(text));
  }

  /** Whether a ban of the network would hit anyone who is on it. */
  overlaps(network: Network): boolean {
    return this.#networks.overlaps(network);
  }
}
