/** Every TLS error of a log by its cause: how often, from whom, since when, and what to do. */
import type { Address } from '../base/address.ts';
import type { LogEvent } from '../exim/event.ts';
import { type Cause, causes } from './causes.ts';

export interface Finding {
  readonly name: string;
  readonly grade: Cause['grade'] | 'unknown';
  readonly cause: string;
  readonly fix: string;
  readonly count: number;
  /** ISO 8601. */
  readonly first?: string;
  readonly last?: string;
  /** The most frequent ones. */
  readonly peers: readonly { readonly peer: string; readonly count: number }[];
  /** One line, as it stands in the log. */
  readonly example: string;
}

const unknown: Omit<Cause, 'pattern' | 'grade'> & { readonly grade: 'unknown' } = {
  name: 'unknown',
  cause: 'not known to Portreeve',
  fix: 'read the line; please report it',
  grade: 'unknown',
};

const mostPeers = 10;

interface Tally {
  readonly cause: Omit<Cause, 'pattern' | 'grade'> & { readonly grade: Finding['grade'] };
  readonly peers: Map<Address, number>;
  readonly example: string;
  count: number;
  first: number;
  last: number;
}

export class Diagnosis {
  readonly #found = new Map<string, Tally>();

  see(event: LogEvent, line: string): void {
    if (event.kind !== 'tls-error') return;
    const cause = causes.find(({ pattern }) => pattern.test(line)) ?? unknown;
    const at = event.at ?? Number.NaN;
    const known = this.#found.get(cause.name);
    const tally: Tally = known ?? {
      cause,
      peers: new Map<Address, number>(),
      example: line,
      count: 0,
      first: at,
      last: at,
    };
    this.#found.set(cause.name, tally);
    tally.count += 1;
    tally.first = Math.min(tally.first, at);
    tally.last = Math.max(tally.last, at);
    if (event.peer !== undefined) tally.peers.set(event.peer, (tally.peers.get(event.peer) ?? 0) + 1);
  }

  /** What is broken first, then by how often. */
  findings(): Finding[] {
    return [...this.#found.values()]
      .toSorted((a, b) => order[a.cause.grade] - order[b.cause.grade] || b.count - a.count)
      .map(({ cause: { name, grade, cause, fix }, count, first, last, peers, example }) => ({
        name,
        grade,
        cause,
        fix,
        count,
        ...(Number.isNaN(first) ? {} : { first: new Date(first).toISOString() }),
        ...(Number.isNaN(last) ? {} : { last: new Date(last).toISOString() }),
        peers: [...peers]
          .toSorted(([, a], [, b]) => b - a)
          .slice(0, mostPeers)
          .map(([peer, times]) => ({ peer, count: times })),
        example,
      }));
  }
}

const order: Readonly<Record<Finding['grade'], number>> = { broken: 0, unknown: 1, peer: 2, noise: 3 };
