/**
 * From address to network: when several addresses of a /64 have been banned, all of it is; when several
 * networks of a length have been, the one that is a nibble shorter is. IPv4 widens only to /24, and only
 * where that is set: behind one IPv4 network there are many customers.
 *
 * What would cover anyone on the allowlist is never answered. Bounded: the network that was quiet
 * longest is forgotten first.
 */
import type { Address } from '../base/address.ts';
import { isIPv6 } from '../base/address.ts';
import { type Network, networkOf } from '../base/network.ts';
import type { Allowlist } from './allowlist.ts';
import type { Remembered } from './remembered.ts';

export interface WideningRule {
  /** How many parts of a network have to offend. 0: never widen. */
  readonly several: number;
  /** In what time. */
  readonly window: number;
  /** The shortest prefix of IPv6. */
  readonly shortest: number;
  /** Whether IPv4 widens to /24. */
  readonly ipv4: boolean;
}

const customerBits = 64;
const nibble = 4;
const ipv4Bits = 96 + 24;

export class Widening {
  #rule: WideningRule;
  #allowlist: Allowlist;
  readonly #capacity: number;
  /** Which parts of a network offended, and when; in the order of the last offence. */
  readonly #offended = new Map<string, Map<string, number>>();
  readonly #changed = new Set<string>();

  constructor(rule: WideningRule, allowlist: Allowlist, capacity = 20_000) {
    this.#rule = rule;
    this.#allowlist = allowlist;
    this.#capacity = capacity;
  }

  adopt(rule: WideningRule, allowlist: Allowlist): void {
    this.#rule = rule;
    this.#allowlist = allowlist;
  }

  /** An address was banned: the widest network that is to be banned for it now, if any. */
  offend(address: Address, now: number): Network | undefined {
    if (this.#rule.several === 0) return undefined;
    let part = networkOf(address, 128);
    let widest: Network | undefined;
    for (const bits of this.#lengths(address)) {
      const whole = networkOf(address, bits);
      if (this.#allowlist.overlaps(whole) || !this.#isFull(whole, part, now)) break;
      widest = whole;
      part = whole;
    }
    return widest;
  }

  /** What has changed since `settle`. */
  *changed(): Generator<Remembered> {
    for (const key of this.#changed) {
      const parts = this.#offended.get(key);
      const at = Math.max(0, ...(parts?.values() ?? []));
      yield { kind: 'widening', key, at, state: parts && JSON.stringify([...parts]) };
    }
  }

  /** What has changed so far is kept. */
  settle(): void {
    this.#changed.clear();
  }

  /** What was in mind before a restart. */
  restore({ key, state }: Remembered): void {
    if (state !== undefined) this.#offended.set(key, new Map(JSON.parse(state) as [string, number][]));
  }

  #lengths(address: Address): readonly number[] {
    if (!isIPv6(address)) return this.#rule.ipv4 ? [ipv4Bits] : [];
    const count = Math.floor((customerBits - this.#rule.shortest) / nibble) + 1;
    return Array.from({ length: Math.max(0, count) }, (_, place) => customerBits - place * nibble);
  }

  #isFull(whole: Network, part: Network, now: number): boolean {
    const { several, window } = this.#rule;
    const parts = this.#offended.get(whole.text) ?? new Map<string, number>();
    this.#offended.delete(whole.text);
    this.#offended.set(whole.text, parts);
    this.#changed.add(whole.text);
    parts.delete(part.text);
    parts.set(part.text, now);
    for (const [text, at] of parts) if (now - at >= window) parts.delete(text);
    const isFull = parts.size >= several;
    const [first] = parts.keys();
    // No more are kept than the measure takes.
    if (parts.size > several && first !== undefined) parts.delete(first);
    if (this.#offended.size > this.#capacity) {
      const [oldest] = this.#offended.keys();
      if (oldest !== undefined) {
        this.#offended.delete(oldest);
        this.#changed.add(oldest);
      }
    }
    return isFull;
  }
}
