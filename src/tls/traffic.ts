/**
 * How much of the mail was encrypted, in and out, as the log tells: one arrival or delivery at a time.
 *
 * Counted is mail that went over a network connection; local submission and local delivery have
 * none. Outgoing mail counts once for each delivery (`=>`), further recipients of it (`->`) do not.
 */
import type { Arrival, Delivery, LogEvent } from '../exim/event.ts';
import { peerDomain } from './peer-domain.ts';

export interface Direction {
  readonly messages: number;
  readonly encrypted: number;
  readonly versions: Readonly<Record<string, number>>;
  readonly ciphers: Readonly<Record<string, number>>;
  /** The peers by domain, those with most mail in clear first. */
  readonly domains: readonly DomainShare[];
}

export interface DomainShare {
  readonly domain: string;
  readonly messages: number;
  readonly encrypted: number;
}

export interface DayShare {
  /** `2026-11-23`, in UTC. */
  readonly day: string;
  readonly messages: number;
  readonly encrypted: number;
}

export interface Traffic {
  readonly in: Direction;
  readonly out: Direction;
  readonly days: readonly DayShare[];
}

interface Share {
  messages: number;
  encrypted: number;
}

export class TrafficCount {
  readonly #in = new DirectionCount();
  readonly #out = new DirectionCount();
  readonly #days = new Map<string, Share>();

  see(event: LogEvent): void {
    const direction = this.#directionOf(event);
    if (direction === undefined) return;
    const message = event as Arrival | Delivery;
    direction.see(message);
    if (event.at !== undefined) {
      add(this.#days, new Date(event.at).toISOString().slice(0, 10), message.tls !== undefined);
    }
  }

  traffic(): Traffic {
    const days = [...this.#days].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return {
      in: this.#in.direction(),
      out: this.#out.direction(),
      days: days.map(([day, share]) => ({ day, ...share })),
    };
  }

  #directionOf(event: LogEvent): DirectionCount | undefined {
    if (event.host === undefined) return undefined;
    if (event.kind === 'arrival') return this.#in;
    return event.kind === 'delivery' && event.arrow === '=>' ? this.#out : undefined;
  }
}

class DirectionCount {
  readonly #share: Share = { messages: 0, encrypted: 0 };
  readonly #versions = new Map<string, number>();
  readonly #ciphers = new Map<string, number>();
  readonly #domains = new Map<string, Share>();

  see({ tls, host, peer }: Arrival | Delivery): void {
    this.#share.messages += 1;
    add(this.#domains, peerDomain(host?.name) ?? peer ?? 'unknown', tls !== undefined);
    if (tls === undefined) return;
    this.#share.encrypted += 1;
    this.#versions.set(tls.version, (this.#versions.get(tls.version) ?? 0) + 1);
    this.#ciphers.set(tls.cipher, (this.#ciphers.get(tls.cipher) ?? 0) + 1);
  }

  direction(): Direction {
    const clear = ({ messages, encrypted }: Share): number => messages - encrypted;
    const domains = [...this.#domains].toSorted(
      ([, a], [, b]) => clear(b) - clear(a) || b.messages - a.messages,
    );
    return {
      ...this.#share,
      versions: byCount(this.#versions),
      ciphers: byCount(this.#ciphers),
      domains: domains.map(([domain, share]) => ({ domain, ...share })),
    };
  }
}

function add(shares: Map<string, Share>, name: string, encrypted: boolean): void {
  const share = shares.get(name) ?? { messages: 0, encrypted: 0 };
  shares.set(name, share);
  share.messages += 1;
  if (encrypted) share.encrypted += 1;
}

function byCount(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([, a], [, b]) => b - a));
}
