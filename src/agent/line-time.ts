/**
 * When a line of the log was written: by its own stamp, so that a line that is read late, after a restart or
 * behind a flood, is judged as it would have been in time, and a replay of the log judges alike.
 *
 * The clock has its place where the stamp cannot be: there is none, it is ahead of the clock, or the log is
 * read as it is written and the stamp is long ago (Exim logs in another time zone).
 */
import type { LogEvent } from '../exim/event.ts';

/** Clocks are read at different moments; a stamp is cut to its second. */
const aheadMs = 1500;
const longAgoMs = 10 * 60_000;

/** `isLate`: the line may have been written long ago. */
export function lineTime({ at }: Pick<LogEvent, 'at'>, now: number, isLate: boolean): number {
  if (at === undefined || at > now + aheadMs) return now;
  return !isLate && at < now - longAgoMs ? now : at;
}
