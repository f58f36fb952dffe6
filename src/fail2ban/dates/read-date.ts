/**
 * The fields of a date as an instant. What the line does not say is taken from today: the year (last year,
 * where the date would lie more than a day ahead), the day (yesterday, where the hour is still to come).
 */
import type { Calendar } from './calendar.ts';
import { dateNames } from './date-fields.ts';
import { asciiDigits } from './ascii-digits.ts';
import { zoneOffset } from './zone-offset.ts';

const day = 86_400_000;

/** Seconds since 1970; undefined where the fields are no date. `zone`: minutes ahead of UTC, if the line has none. */
export function readDate(
  fields: (name: string) => string | undefined,
  calendar: Calendar,
  zone?: number,
): number | undefined {
  const number = (name: string): number | undefined => {
    const text = fields(name);
    return text === undefined ? undefined : Number(asciiDigits(text));
  };
  const index = (name: 'A' | 'a' | 'B' | 'b'): number | undefined => {
    const text = fields(name);
    return text === undefined ? undefined : dateNames[name].indexOf(text.toLowerCase());
  };
  const shortYear = number('y');
  let year = number('Y') ?? (shortYear === undefined || shortYear > 2000 ? shortYear : shortYear + 2000);
  const isYearless = year === undefined;
  const today = new Date(calendar.local(calendar.now()));
  year ??= today.getUTCFullYear();

  const named = index('B') ?? index('b');
  let month = number('m') ?? (named === undefined ? undefined : named + 1);
  let date = number('d');
  if (month === undefined || date === undefined) {
    const yearDay =
      number('j') ??
      dayOfWeek(year, number('U'), number('W'), weekday(number('w'), index('A') ?? index('a')));
    if (yearDay !== undefined) {
      const found = new Date(Date.UTC(year, 0, yearDay));
      year = found.getUTCFullYear();
      month = found.getUTCMonth() + 1;
      date = found.getUTCDate();
    }
  }
  const isToday = month === undefined && date === undefined;
  if (isToday) {
    month = today.getUTCMonth() + 1;
    date = today.getUTCDate();
  }
  if (month === undefined || date === undefined) return undefined;

  const hour = number('H') ?? twelveHours(number('I'), fields('p'));
  let local = exactly(year, month, date, hour, number('M') ?? 0, number('S') ?? 0);
  if (local === undefined) return undefined;
  const written = fields('z') ?? fields('Z');
  const offset = written === undefined ? zone : zoneOffset(written);
  if (written !== undefined && offset === undefined) return undefined;
  if (offset !== undefined) local -= offset * 60_000;

  if (isToday && local > today.getTime()) local -= day;
  if (isYearless && local > today.getTime() + day) {
    const rest = local % day;
    local = exactly(year - 1, month, date, 0, 0, 0);
    if (local === undefined) return undefined;
    local += rest;
  }
  return offset === undefined ? calendar.instant(local) : local / 1000;
}

/** A local time as if it were UTC; undefined for the 30th of February and its like. */
function exactly(
  year: number,
  month: number,
  date: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (year < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  const found = new Date(Date.UTC(2000, 0, 1, hour, minute, second));
  // Date.UTC takes years below 100 for those of 1900.
  found.setUTCFullYear(year, month - 1, date);
  return found.getUTCMonth() === month - 1 && found.getUTCDate() === date ? found.getTime() : undefined;
}

function twelveHours(hour: number | undefined, half: string | undefined): number {
  if (hour === undefined) return 0;
  if (half?.toLowerCase() === 'pm') return hour === 12 ? 12 : hour + 12;
  return hour === 12 ? 0 : hour;
}

/** Monday is 0. */
function weekday(number: number | undefined, named: number | undefined): number | undefined {
  return number === undefined ? named : (number + 6) % 7;
}

/** The day of a year (1 is the first) that a week and a weekday name; weeks begin on Sunday (U) or Monday (W). */
function dayOfWeek(
  year: number,
  fromSunday: number | undefined,
  fromMonday: number | undefined,
  weekdayFound: number | undefined,
): number | undefined {
  const week = fromMonday ?? fromSunday;
  if (week === undefined || weekdayFound === undefined) return undefined;
  const shift = fromMonday === undefined ? 1 : 0;
  const first = ((new Date(Date.UTC(year, 0, 1)).getUTCDay() + 6) % 7) + shift;
  const firstDay = first % 7;
  const found = (weekdayFound + shift) % 7;
  const firstWeek = (7 - firstDay) % 7;
  return week === 0 ? 1 + found - firstDay : 1 + firstWeek + 7 * (week - 1) + found;
}
