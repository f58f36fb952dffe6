/**
 * The peers whose mail still comes or goes in clear, as the log tells, one arrival or delivery at a time: who would be
 * lost if TLS were asked of everybody. By the domain as `tls traffic` has it, counted from the first message in clear.
 *
 * Bounded: the two thousand whose last message in clear is the newest, for thirty days. Pure.
 */
import type { LogEvent } from '../exim/event.ts';
import { peerDomain } from './peer-domain.ts';

export interface ClearPeer {
  readonly direction: 'in' | 'out';
  readonly domain: string;
  /** All of it since the first in clear. */
  readonly messages: number;
  readonly clear: number;
  readonly since: number;
  /** When the last in clear was. */
  readonly last: number;
}

/** One of them, as it is kept over a restart; without a state it is forgotten. */
export interface KeptPeer {
  readonly kind: 'clear';
  readonly key: string;
  /** Behind it, it may be forgotten. */
  readonly at: number;
  readonly state: string | undefined;
}

const most = 2000;
const keptMs = 30 * 86_400_000;

export class ClearPeers {
  /** By direction and domain; whose last message in clear is the oldest stands first. */
  readonly #peers = new Map<string, ClearPeer>();
  readonly #changed = new Set<string>();

  get changes(): number {
    return this.#changed.size;
  }

  see(event: LogEvent, at: number): void {
    const direction = directionOf(event);
    // What never leaves this machine needs no TLS.
    if (direction === undefined || event.peer === undefined || /^(?:127\.|::1$)/.test(event.peer)) return;
    const domain = peerDomain(event.host?.name) ?? event.peer;
    const key = `${direction} ${domain}`;
    const known = this.#peers.get(key);
    const isClear = !('tls' in event) || event.tls === undefined;
    if (known === undefined && !isClear) return;
    const { messages = 0, clear = 0, since = at, last = at } = known ?? {};
    if (isClear) this.#peers.delete(key);
    this.#peers.set(key, {
      direction,
      domain,
      messages: messages + 1,
      clear: clear + Number(isClear),
      since,
      last: isClear ? Math.max(last, at) : last,
    });
    this.#changed.add(key);
    if (this.#peers.size > most) this.#forget();
  }

  /** Those with most mail in clear first. */
  list(now: number): ClearPeer[] {
    return [...this.#peers.values()]
      .filter(({ last }) => last > now - keptMs)
      .toSorted((one, other) => other.clear - one.clear || other.last - one.last);
  }

  *changed(): Generator<KeptPeer> {
    for (const key of this.#changed) {
      const peer = this.#peers.get(key);
      const at = (peer?.last ?? 0) + keptMs;
      yield { kind: 'clear', key, at, state: peer === undefined ? undefined : JSON.stringify(peer) };
    }
  }

  /** What has changed so far is kept. */
  settle(): void {
    this.#changed.clear();
  }

  /** The oldest first. */
  restore(state: string): void {
    const peer = JSON.parse(state) as ClearPeer;
    this.#peers.set(`${peer.direction} ${peer.domain}`, peer);
  }

  #forget(): void {
    for (const key of this.#peers.keys()) {
      this.#peers.delete(key);
      this.#changed.add(key);
      return;
    }
  }
}

function directionOf(event: LogEvent): ClearPeer['direction'] | undefined {
  if (event.host === undefined) return undefined;
  if (event.kind === 'arrival') return 'in';
  return event.kind === 'delivery' && event.arrow === '=>' ? 'out' : undefined;
}
