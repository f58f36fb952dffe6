/**
 * Trust: the credit that an address has earned by mail that was accepted from it and by logins. It
 * halves in each half-life. It makes the guard more patient and its bans shorter, never an address
 * immune: one with an account of its own could attack from behind it (fail2ban's issue 4199).
 *
 * Bounded: at most `capacity` addresses. Of the eight that were quiet longest, the one with the least
 * credit is forgotten first, so a flood of one-message addresses does not push out old friends.
 */
import { type Address, isIPv6 } from '../base/address.ts';
import { addressWords } from '../base/address-words.ts';
import type { Duration } from '../base/duration.ts';
import { covers, type Network } from '../base/network.ts';
import type { LogEvent } from '../exim/event.ts';
import { customerOf } from './customer.ts';

export interface TrustRule {
  readonly halfLife: Duration;
  /** What an accepted message, and what a login, is worth. */
  readonly mail: number;
  readonly login: number;
  /** How patient the guard becomes at the most. */
  readonly mostPatience: number;
}

/** What is kept of one address. */
export interface Earned {
  readonly credit: number;
  /** When it earned last: the time that the credit is of. */
  readonly at: number;
  readonly messages: number;
  readonly logins: number;
}

const looksBack = 8;

export class Trust {
  #rule: TrustRule;
  readonly #capacity: number;
  /** In the order of the last credit. */
  readonly #earned = new Map<Address, Earned>();
  readonly #changed = new Set<Address>();
  /** How many of those are in a /64 of IPv6. */
  readonly #customers = new Map<string, number>();

  constructor(rule: TrustRule, capacity = 100_000) {
    this.#rule = rule;
    this.#capacity = capacity;
  }

  /** From now on it goes by another rule; what was earned stays. */
  adopt(rule: TrustRule): void {
    this.#rule = rule;
  }

  /** Returns the address that has earned by the event, if any has. */
  see(event: LogEvent, now: number): Address | undefined {
    if (event.kind !== 'arrival' || event.peer === undefined || event.fake === true) return undefined;
    const { mail, login } = this.#rule;
    const before = this.#earned.get(event.peer);
    const isLogin = event.auth !== undefined;
    this.#changed.add(event.peer);
    this.restore(event.peer, {
      credit: this.credit(event.peer, now) + mail + (isLogin ? login : 0),
      at: Math.max(now, before?.at ?? now),
      messages: (before?.messages ?? 0) + 1,
      logins: (before?.logins ?? 0) + (isLogin ? 1 : 0),
    });
    return event.peer;
  }

  /** It is known by its name: that is worth so much, if it has less. */
  vouch(address: Address, credit: number, now: number): void {
    if (this.credit(address, now) >= credit / 2) return;
    const before = this.#earned.get(address);
    this.#changed.add(address);
    this.restore(address, {
      credit,
      at: Math.max(now, before?.at ?? now),
      messages: before?.messages ?? 0,
      logins: before?.logins ?? 0,
    });
  }

  credit(address: Address, now: number): number {
    const earned = this.#earned.get(address);
    if (earned === undefined) return 0;
    return earned.credit * 2 ** (-Math.max(0, now - earned.at) / this.#rule.halfLife);
  }

  /** From 1, for a stranger, to the rule's most: measures are as many times larger, bans as many times shorter. */
  patience(address: Address, now: number): number {
    return Math.min(this.#rule.mostPatience, 1 + Math.log2(1 + this.credit(address, now)) / 2);
  }

  /** The credit as a number, and where it comes from; undefined where there is none. */
  explain(address: Address, now: number): { credit: number; reasons: string[] } | undefined {
    const earned = this.#earned.get(address);
    if (earned === undefined) return undefined;
    const { messages, logins, at } = earned;
    const hours = Math.max(0, now - at) / 3_600_000;
    const reasons = [
      ...(messages === 0 ? ['it is known by its name'] : []),
      `${messages} ${messages === 1 ? 'message' : 'messages'} accepted`,
      ...(logins > 0 ? [`${logins} of them after a login`] : []),
      hours < 48 ? `the last ${hours.toFixed(1)} h ago` : `the last ${Math.floor(hours / 24)} days ago`,
    ];
    return { credit: Number(this.credit(address, now).toFixed(2)), reasons };
  }

  /** Who has earned something since this was asked last, and is still known. */
  takeChanged(): [Address, Earned][] {
    const taken = [...this.#changed].flatMap((address): [Address, Earned][] => {
      const earned = this.#earned.get(address);
      return earned === undefined ? [] : [[address, earned]];
    });
    this.#changed.clear();
    return taken;
  }

  /** Of all who have earned any. */
  addresses(): Iterable<Address> {
    return this.#earned.keys();
  }

  /** Whether any address of a network has earned trust that is still worth something. */
  knowsAnyOf(network: Network, now: number): boolean {
    for (const address of this.#earned.keys())
      if (covers(network, addressWords(address)) && this.credit(address, now) >= 1) return true;
    return false;
  }

  /** Whether it has earned any, or another address of its customer. */
  knowsNeighbour(address: Address): boolean {
    return this.#earned.has(address) || this.#customers.has(customerOf(address).text);
  }

  earned(address: Address): Earned | undefined {
    return this.#earned.get(address);
  }

  /** What was known before a restart. */
  restore(address: Address, earned: Earned): void {
    if (!this.#earned.delete(address)) this.#count(address, 1);
    this.#earned.set(address, earned);
    if (this.#earned.size > this.#capacity) this.#forgetOne(earned.at);
  }

  #forgetOne(now: number): void {
    let weakest: Address | undefined;
    let least = Number.POSITIVE_INFINITY;
    let looked = 0;
    for (const address of this.#earned.keys()) {
      const credit = this.credit(address, now);
      if (credit < least) {
        least = credit;
        weakest = address;
      }
      looked += 1;
      if (looked === looksBack) break;
    }
    if (weakest === undefined) return;
    this.#earned.delete(weakest);
    this.#count(weakest, -1);
    this.#changed.delete(weakest);
  }

  #count(address: Address, change: number): void {
    if (!isIPv6(address)) return;
    const { text } = customerOf(address);
    const count = (this.#customers.get(text) ?? 0) + change;
    if (count > 0) this.#customers.set(text, count);
    else this.#customers.delete(text);
  }
}
