/**
 * Trusted addresses whose connections had to be ended, and how often of late: one that goes on is banned
 * after all, and none of them has a place in the reserve for a while.
 *
 * Bounded: the address that was quiet longest is forgotten first.
 */
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';

interface Ended {
  since: number;
  count: number;
  at: number;
}

const most = 10_000;

export class Endings {
  /** In the order of the last one. */
  readonly #ended = new Map<Address, Ended>();

  /** Counts one; returns how many there were within the window. */
  add(address: Address, now: number, window: Duration): number {
    const before = this.#ended.get(address);
    const goesOn = before !== undefined && now - before.since < window;
    const count = goesOn ? before.count + 1 : 1;
    this.#put(address, { since: goesOn ? before.since : now, count, at: now });
    return count;
  }

  /** It has been banned: the count begins anew. */
  note(address: Address, now: number): void {
    this.#put(address, { since: now, count: 0, at: now });
  }

  of(address: Address): { readonly count: number; readonly at: number } | undefined {
    return this.#ended.get(address);
  }

  isRecent(address: Address, now: number, within: Duration): boolean {
    const ended = this.#ended.get(address);
    return ended !== undefined && now - ended.at < within;
  }

  #put(address: Address, ended: Ended): void {
    this.#ended.delete(address);
    this.#ended.set(address, ended);
    if (this.#ended.size <= most) return;
    const [oldest] = this.#ended.keys();
    if (oldest !== undefined) this.#ended.delete(oldest);
  }
}
