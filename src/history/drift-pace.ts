/**
 * When to look for drift, decided: soon after the last of a burst of notices, not while an editor is still
 * writing; in spite of a burst without end; and now and then without any notice. A look that could not be
 * finished (a change is at work, a lock is held) is repeated.
 */
export interface Pace {
  /** How long it has to be quiet before a look. */
  readonly quietMs: number;
  /** The first and the last notice since the last look. */
  readonly first?: number;
  readonly last?: number;
  readonly lookedAt: number;
}

export type PaceEvent = 'changed' | 'looked' | 'failed';

/** The longest burst, in quiet times. */
const patience = 5;
const withoutNoticeMs = 60_000;
const againMs = 2000;

export function startPace(now: number, quietMs: number): Pace {
  // At once: nobody knows what happened before.
  return { quietMs, lookedAt: now - withoutNoticeMs };
}

export function nextPace(pace: Pace, event: PaceEvent, now: number): Pace {
  if (event === 'changed') return { ...pace, first: pace.first ?? now, last: now };
  const { quietMs } = pace;
  if (event === 'looked') return { quietMs, lookedAt: now };
  // As if a burst had ended such that the next look is due then.
  return { quietMs, lookedAt: now, first: now, last: now + againMs - quietMs };
}

/** Milliseconds since 1970. */
export function nextLook({ quietMs, first, last, lookedAt }: Pace): number {
  const anyway = lookedAt + Math.max(withoutNoticeMs, quietMs);
  if (first === undefined || last === undefined) return anyway;
  return Math.min(last + quietMs, first + patience * quietMs, anyway);
}
