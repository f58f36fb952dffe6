/** How many different addresses were turned away of late. Bounded: more than a large crowd is not counted. */
import type { Address } from '../base/address.ts';

const large = 10;
/** A log tells whole seconds. */
const ofLateMs = 3000;
const most = 100;

export class Crowd {
  readonly #waiting = new Map<Address, number>();

  add(address: Address, now: number): void {
    this.#waiting.delete(address);
    this.#waiting.set(address, now);
    if (this.#waiting.size <= most) return;
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined) this.#waiting.delete(oldest);
  }

  isLarge(now: number): boolean {
    let count = 0;
    for (const at of this.#waiting.values()) if (now - at < ofLateMs) count += 1;
    return count >= large;
  }
}
