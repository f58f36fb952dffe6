/**
 * When to push again, decided: at once for a record that was not tried yet, and after a failure each time
 * twice as late, up to half an hour.
 */
export interface PushPace {
  /** The record that was tried last. */
  readonly tried?: string;
  readonly failures: number;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
}

const firstMs = 30_000;
const longestMs = 1_800_000;

export const startPushing: PushPace = { failures: 0, notBefore: 0 };

export function isDue({ tried, notBefore }: PushPace, head: string, now: number): boolean {
  return tried !== head || now >= notBefore;
}

export function afterPush(pace: PushPace, head: string, arrived: boolean, now: number): PushPace {
  if (arrived) return { tried: head, failures: 0, notBefore: now };
  const failures = pace.failures + 1;
  const pause = Math.min(firstMs * 2 ** Math.min(pace.failures, 10), longestMs);
  return { tried: head, failures, notBefore: now + pause };
}
