/**
 * Forward-confirmed reverse names of addresses: a name that the address points to, and that points back
 * (RFC 1912 §2.1). Asked in the background, few at a time, each within a limit; answers are remembered, no
 * answer too. Whoever asks is told later, or never.
 */
import { Resolver } from 'node:dns/promises';
import { type Address, isIPv6, parseAddress } from '../base/address.ts';

const timeoutMs = 3000;
const mostAtOnce = 4;
const mostWaiting = 1000;
const mostRemembered = 20_000;
const mostNames = 5;

export class ConfirmedNames {
  readonly #resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  readonly #found: (address: Address, name: string) => void;
  /** Asked before; the oldest are asked again when they come again. */
  readonly #asked = new Set<Address>();
  readonly #waiting: Address[] = [];
  #working = 0;

  constructor(found: (address: Address, name: string) => void) {
    this.#found = found;
  }

  ask(address: Address): void {
    if (this.#asked.has(address) || this.#waiting.length >= mostWaiting) return;
    this.#asked.add(address);
    const [oldest] = this.#asked;
    if (this.#asked.size > mostRemembered && oldest !== undefined) this.#asked.delete(oldest);
    this.#waiting.push(address);
    if (this.#working < mostAtOnce) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working += 1;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const name = await this.#nameOf(next);
      if (name !== undefined) this.#found(next, name);
    }
    this.#working -= 1;
  }

  async #nameOf(address: Address): Promise<string | undefined> {
    const names = await this.#resolver.reverse(address).catch((): string[] => []);
    for (const name of names.slice(0, mostNames)) {
      const forward = isIPv6(address) ? this.#resolver.resolve6(name) : this.#resolver.resolve4(name);
      const addresses = await forward.catch((): string[] => []);
      if (addresses.some((text) => parseAddress(text) === address)) return name;
    }
    return undefined;
  }
}
