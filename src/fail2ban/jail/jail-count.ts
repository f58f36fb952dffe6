/**
 * Counts failures by who made them: `maxretry` within `findtime`, as fail2ban counts. Failures that are spread
 * over more time are not dropped one by one: their rate is kept (fail2ban's ticket.adjustTime).
 */

export interface CountRule {
  readonly maxRetry: number;
  /** Seconds. */
  readonly findTime: number;
}

interface Count {
  failures: number;
  first: number;
  last: number;
}

/** More than this are not remembered at a time: who came first goes first. */
const most = 200_000;

export class FailureCount {
  readonly #rule: CountRule;
  readonly #counts = new Map<string, Count>();

  constructor(rule: CountRule) {
    this.#rule = rule;
  }

  /** Whether this failure is the one too many; then the count begins anew. `at` in seconds; `patience` times as many may be made; it counts for `weight` of them. */
  add(id: string, at: number, patience = 1, weight = 1): boolean {
    const { maxRetry, findTime } = this.#rule;
    const known = this.#counts.get(id);
    const count =
      known === undefined || known.last < at - findTime ? { failures: 0, first: at, last: at } : known;
    if (at > count.last) {
      if (count.first < at - findTime) {
        count.failures = Math.round((count.failures / (at - count.first)) * findTime);
        count.first = at - findTime;
      }
      count.last = at;
    }
    count.failures += weight;
    this.#counts.delete(id);
    if (count.failures >= maxRetry * patience) return true;
    this.#counts.set(id, count);
    if (this.#counts.size > most) this.#sweep(at);
    return false;
  }

  #sweep(now: number): void {
    for (const [id, { last }] of this.#counts) {
      if (last >= now - this.#rule.findTime && this.#counts.size <= most) break;
      this.#counts.delete(id);
    }
  }
}
