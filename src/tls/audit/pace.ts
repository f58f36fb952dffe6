/**
 * How fast a server may be asked, decided from what it has answered so far.
 *
 * A slot counts as held while the connection is open, and for `lingerMs` after a handshake that we broke
 * off: Exim sleeps half a second then (tls-gnu.c, `tls_server_start`), with the slot of its
 * `smtp_accept_max`. So at most `most` of the server's slots are ever ours, and its own mail finds the
 * others. A server that turns us away (421, a connection refused) is given a pause that doubles, and half the
 * connections.
 */
export interface PaceSettings {
  /** Slots held at once. */
  readonly most: number;
  readonly perSecond: number;
  readonly lingerMs: number;
}

export interface Pace {
  readonly settings: PaceSettings;
  readonly limit: number;
  readonly open: number;
  /** When the slots that are closed here, but not yet there, are free again. */
  readonly lingering: readonly number[];
  /** No connection before then. */
  readonly next: number;
  /** Refusals since the last connection that was served, and connections served since the last refusal. */
  readonly refusals: number;
  readonly served: number;
}

export type VisitEnd = 'clean' | 'broken-off' | 'busy';

export const usual: PaceSettings = { most: 10, perSecond: 150, lingerMs: 0 };
export const gentle: PaceSettings = { most: 2, perSecond: 5, lingerMs: 0 };

/** What Exim sleeps, and the time until its daemon has noticed the end of the child. */
export const eximLingerMs = 520;

const firstPauseMs = 100;
const longestPauseMs = 3000;
/** So many connections in a row are served before one more is dared. */
const confidence = 8;

export function beginPace(settings: PaceSettings): Pace {
  return { settings, limit: settings.most, open: 0, lingering: [], next: 0, refusals: 0, served: 0 };
}

/** Milliseconds until the next connection may start; undefined where one that is open has to end first. */
export function wait(pace: Pace, now: number): number | undefined {
  const lingering = pace.lingering.filter((until) => until > now).toSorted((a, b) => a - b);
  const over = pace.open + lingering.length - pace.limit + 1;
  if (over > lingering.length) return undefined;
  const free = over > 0 ? (lingering[over - 1] ?? now) : now;
  return Math.max(0, free - now, pace.next - now);
}

export function start(pace: Pace, now: number): Pace {
  return {
    ...pace,
    open: pace.open + 1,
    next: now + 1000 / pace.settings.perSecond,
    lingering: pace.lingering.filter((until) => until > now),
  };
}

export function end(pace: Pace, now: number, how: VisitEnd): Pace {
  const open = pace.open - 1;
  if (how === 'busy') {
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** pace.refusals);
    return {
      ...pace,
      open,
      limit: Math.max(1, Math.floor(pace.limit / 2)),
      next: Math.max(pace.next, now + pause),
      refusals: pace.refusals + 1,
      served: 0,
    };
  }
  const served = pace.served + 1;
  const dare = served >= confidence && pace.limit < pace.settings.most;
  return {
    ...pace,
    open,
    limit: dare ? pace.limit + 1 : pace.limit,
    served: dare ? 0 : served,
    refusals: 0,
    lingering:
      how === 'broken-off' && pace.settings.lingerMs > 0
        ? [...pace.lingering, now + pace.settings.lingerMs]
        : pace.lingering,
  };
}
