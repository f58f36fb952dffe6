/**
 * How long a stranger that Exim turned away, while a crowd is, has to stay away: less than any mail server
 * does by itself the first time, twice as long each time that it is turned away again. A mail server waits
 * for minutes (RFC 5321 §4.5.4.1) and notices nothing; whoever calls again at once calls on a closed line, so
 * that a refusal costs Exim a process once and not each half second, and a slot that comes free stays free for
 * somebody else.
 *
 * It is no ban and needs no evidence: it ends by itself within seconds. Who waits is a customer (`customer.ts`): of IPv6, a whole /64.
 *
 * Bounded: who waited longest ago is forgotten first.
 */
import type { Duration } from '../base/duration.ts';
import type { Network } from '../base/network.ts';

export interface BackoffRule {
  /** 0: nobody is kept away. */
  readonly first: Duration;
  readonly most: Duration;
}

export interface BackedOff {
  readonly target: Network;
  readonly for: Duration;
}

interface Waited {
  readonly until: number;
  readonly for: number;
}

/** So long after its wait an address begins anew. */
const forgetMs = 60_000;

export class Backoff {
  #rule: BackoffRule;
  readonly #capacity: number;
  /** In the order of the last refusal. */
  readonly #waited = new Map<string, Waited>();

  constructor(rule: BackoffRule, capacity = 10_000) {
    this.#rule = rule;
    this.#capacity = capacity;
  }

  adopt(rule: BackoffRule): void {
    this.#rule = rule;
  }

  /** It was turned away: how long it is kept away; undefined where it is already. */
  next(target: Network, now: number): BackedOff | undefined {
    const { first, most } = this.#rule;
    if (first === 0) return undefined;
    const before = this.#waited.get(target.text);
    // Its connections of one moment are turned away together.
    if (before !== undefined && now < before.until) return undefined;
    const isAgain = before !== undefined && now - before.until < forgetMs;
    const ms = isAgain ? Math.min(most, before.for * 2) : first;
    this.#waited.delete(target.text);
    this.#waited.set(target.text, { until: now + ms, for: ms });
    if (this.#waited.size > this.#capacity) {
      const [oldest] = this.#waited.keys();
      if (oldest !== undefined) this.#waited.delete(oldest);
    }
    return { target, for: ms as Duration };
  }
}
