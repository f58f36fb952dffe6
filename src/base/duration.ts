/**
 * Durations as people write them ("90s", "10m", "1h30m", "2d", a bare number is seconds), kept in
 * milliseconds. The units are those of Exim's time intervals (manual, chapter "Use of the runtime
 * configuration file", section "Time intervals") and `ms`.
 */
import { fail, ok, type Result } from './result.ts';

declare const duration: unique symbol;
/** Milliseconds, a whole number ≥ 0. */
export type Duration = number & { readonly [duration]: true };

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const longest = 3650 * unitMs.d;

export function parseDuration(text: string): Result<Duration> {
  const refused = (requirement: string): Result<Duration> =>
    fail('usage', `cannot read the duration: ${requirement}: ${JSON.stringify(text.slice(0, 40))}`, {
      hint: 'write it like 90s, 10m, 1h30m or 2d',
    });
  const trimmed = text.trim();
  if (/^\d{1,12}$/.test(trimmed)) return bounded(Number(trimmed) * unitMs.s, refused);
  if (!/^(?:\d{1,12}(?:ms|[smhdw]))+$/.test(trimmed))
    return refused('needs numbers with units ms, s, m, h, d or w');
  let total = 0;
  for (const [, count, unit] of trimmed.matchAll(/(\d+)(ms|[smhdw])/g)) {
    total += Number(count) * unitMs[unit as keyof typeof unitMs];
  }
  return bounded(total, refused);
}

export function formatDuration(value: Duration): string {
  if (value === 0) return '0s';
  let rest: number = value;
  let text = '';
  for (const unit of ['w', 'd', 'h', 'm', 's', 'ms'] as const) {
    const count = Math.floor(rest / unitMs[unit]);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs[unit];
  }
  return text;
}

function bounded(milliseconds: number, refused: (requirement: string) => Result<Duration>): Result<Duration> {
  return milliseconds <= longest ? ok(milliseconds as Duration) : refused('needs at most ten years');
}
