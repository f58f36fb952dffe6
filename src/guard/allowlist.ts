/** Addresses that are never banned. Loopback is always among them (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
import type { Address } from '../base/address.ts';

export class Allowlist {
  readonly #addresses: ReadonlySet<Address>;

  constructor(addresses: Iterable<Address>) {
    this.#addresses = new Set(addresses);
  }

  has(address: Address): boolean {
    return address.startsWith('127.') || address === '::1' || this.#addresses.has(address);
  }
}
