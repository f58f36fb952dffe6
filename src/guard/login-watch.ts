/**
 * A distributed attack on one login: many addresses, each of which tries it too seldom to be banned.
 * Its answer is an alert, never a ban: an address that tried once may well be the login's own.
 *
 * Bounded: at most `capacity` logins, the one quiet longest is forgotten first; of each no more
 * addresses than make an alert.
 */
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import type { Remembered } from './remembered.ts';
import type { Sighting } from './sighting.ts';

export interface LoginRule {
  /** Addresses that make an attack. */
  readonly addresses: number;
  /** In what time. */
  readonly findtime: Duration;
}

export interface LoginAlert {
  readonly login: string;
  /** Those that tried it last. */
  readonly addresses: readonly Address[];
}

interface Tried {
  /** When each address tried it last; the newest last. */
  readonly by: Map<Address, number>;
  alertedAt: number;
}

/** A client chooses the login's length. */
const longestLogin = 200;

export class LoginWatch {
  #rule: LoginRule;
  readonly #capacity: number;
  readonly #logins = new Map<string, Tried>();
  readonly #changed = new Set<string>();

  constructor(rule: LoginRule, capacity = 10_000) {
    this.#rule = rule;
    this.#capacity = capacity;
  }

  adopt(rule: LoginRule): void {
    this.#rule = rule;
  }

  /** What has changed since `settle`. */
  *changed(): Generator<Remembered> {
    for (const key of this.#changed) {
      const tried = this.#logins.get(key);
      const at = Math.max(0, ...(tried?.by.values() ?? []));
      yield { kind: 'login', key, at, state: tried && stateOf(tried) };
    }
  }

  /** What has changed so far is kept. */
  settle(): void {
    this.#changed.clear();
  }

  /** What was in mind before a restart. */
  restore({ key, state }: Remembered): void {
    if (state === undefined) return;
    const [alertedAt, by] = JSON.parse(state) as [number | null, [Address, number][]];
    this.#logins.set(key, { by: new Map(by), alertedAt: alertedAt ?? Number.NEGATIVE_INFINITY });
  }

  /** An alert when the measure is full; the next of the same login only after a quiet findtime. */
  see({ kind, subject, address }: Sighting, now: number): LoginAlert | undefined {
    if (kind !== 'credential' || subject === undefined || subject === '') return undefined;
    const login = subject.slice(0, longestLogin);
    const { addresses, findtime } = this.#rule;
    const tried: Tried = this.#logins.get(login) ?? {
      by: new Map<Address, number>(),
      alertedAt: Number.NEGATIVE_INFINITY,
    };
    this.#logins.delete(login);
    this.#logins.set(login, tried);
    this.#changed.add(login);
    if (this.#logins.size > this.#capacity) {
      const [quietest] = this.#logins.keys();
      if (quietest !== undefined) {
        this.#logins.delete(quietest);
        this.#changed.add(quietest);
      }
    }
    tried.by.delete(address);
    tried.by.set(address, now);
    for (const [one, at] of tried.by) if (now - at >= findtime) tried.by.delete(one);
    const isFull = tried.by.size >= addresses;
    const [first] = tried.by.keys();
    if (tried.by.size > addresses && first !== undefined) tried.by.delete(first);
    if (!isFull) return undefined;
    const isNew = now - tried.alertedAt >= findtime;
    tried.alertedAt = now;
    return isNew ? { login, addresses: [...tried.by.keys()] } : undefined;
  }
}

function stateOf({ alertedAt, by }: Tried): string {
  return JSON.stringify([Number.isFinite(alertedAt) ? alertedAt : null, [...by]]);
}
