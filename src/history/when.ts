/**
 * A time as people say it: `now`, `14:00`, `yesterday`, `last Tuesday 14:00`, `2 hours ago`,
 * `2026-11-20`, `2026-11-20 14:00`; in the time zone of this machine. A day without a time of day means its
 * end: all that was done on it is in.
 */
import { fail, ok, type Result } from '../base/result.ts';

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const unitMs = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

/** Milliseconds since 1970. */
export function parseWhen(text: string, now: number): Result<number> {
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ');
  const at = readTime(words, now);
  if (at === undefined || Number.isNaN(at)) {
    return fail(
      'usage',
      `cannot read the time: it must be one that means something: ${JSON.stringify(text.slice(0, 80))}`,
      {
        hint: 'write it like "last Tuesday 14:00", "yesterday", "2 hours ago", "2026-11-20 14:00"',
      },
    );
  }
  if (at <= now) return ok(at);
  return fail('usage', `cannot go to that time: it must be in the past: ${new Date(at).toString()}`, {
    hint: 'name an earlier one',
  });
}

function readTime(words: string, now: number): number | undefined {
  if (words === 'now') return now;
  const [, count, unit] = /^(\d{1,6}) (second|minute|hour|day|week)s? ago$/.exec(words) ?? [];
  if (count !== undefined) return now - Number(count) * unitMs[unit as keyof typeof unitMs];
  const [, dayText = '', clock] =
    /^(.*?)(?:(?:^|,? at |,? |t)(\d{1,2}:\d{2}(?::\d{2})?|noon|midnight))?$/.exec(words) ?? [];
  const day = readDay(dayText, now);
  if (day === undefined) return undefined;
  const time = clock === undefined ? undefined : readClock(clock);
  if (clock !== undefined && time === undefined) return undefined;
  if (time === undefined) {
    if (dayText === '') return undefined;
    // Its end; of today, now.
    const end = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime() - 1;
    return day.getTime() > now ? end : Math.min(end, now);
  }
  const [hours, minutes, seconds] = time;
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hours, minutes, seconds).getTime();
}

function readDay(text: string, now: number): Date | undefined {
  const today = new Date(now);
  const back = (count: number): Date =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - count);
  if (text === '' || text === 'today') return back(0);
  if (text === 'yesterday') return back(1);
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year !== undefined) {
    const read = new Date(Number(year), Number(month) - 1, Number(date));
    return read.getMonth() === Number(month) - 1 && read.getDate() === Number(date) ? read : undefined;
  }
  const name = /^(?:last |on )?([a-z]+)$/.exec(text)?.[1];
  const weekday = days.findIndex((each) => name !== undefined && name.length >= 3 && each.startsWith(name));
  // Today's name means a week ago.
  return weekday < 0 ? undefined : back(((today.getDay() - weekday + 6) % 7) + 1);
}

function readClock(text: string): [number, number, number] | undefined {
  if (text === 'noon') return [12, 0, 0];
  if (text === 'midnight') return [0, 0, 0];
  const [hours = 99, minutes = 99, seconds = 0] = text.split(':').map(Number);
  return hours < 24 && minutes < 60 && seconds < 60 ? [hours, minutes, seconds] : undefined;
}
