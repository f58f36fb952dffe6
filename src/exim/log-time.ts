/**
 * Exim's times as milliseconds since 1970. Without log_timezone they are the server's local time, so
 * a zone is needed; the hour that autumn repeats is told by the log itself, which never runs
 * backwards: a local time before the last one by up to an hour is the second pass.
 */
import type { Stamp } from './event.ts';

/** A reader of stamps in one zone. It remembers the last time, so give each log its own. */
export function localTime(timeZone?: string, now?: number): (stamp: Stamp) => number | undefined {
  const offset = offsetReader(timeZone);
  let hour = '';
  let hourStart = 0;
  let last = Number.NEGATIVE_INFINITY;
  return ({ time, fraction, zone, prefix }) => {
    if (time === undefined) return prefix === undefined ? undefined : prefixTime(prefix, offset, now);
    const milliseconds = fraction === undefined ? 0 : Math.floor(Number(`0${fraction}`) * 1000);
    if (zone !== undefined) {
      return Date.parse(`${time.replace(' ', 'T')}${zone.slice(0, 3)}:${zone.slice(3)}`) + milliseconds;
    }
    if (!time.startsWith(hour) || hour === '') {
      hour = time.slice(0, 13);
      hourStart = startOfHour(hour, offset, last);
    }
    const at =
      hourStart + Number(time.slice(14, 16)) * 60_000 + Number(time.slice(17, 19)) * 1000 + milliseconds;
    if (Number.isNaN(at)) return undefined;
    // Processes write out of order by a moment; only a jump back by most of an hour is the repeated one.
    if (
      at < last - 1_800_000 &&
      last - at < 3_600_000 &&
      offset(hourStart) !== offset(hourStart + 3_600_000)
    ) {
      hourStart += 3_600_000;
      last = at + 3_600_000;
      return last;
    }
    last = Math.max(last, at);
    return at;
  };
}

/** The first pass of the hour, unless the log is past that already. */
function startOfHour(hour: string, offset: (at: number) => number, last: number): number {
  const asUtc = Date.parse(`${hour.replace(' ', 'T')}:00:00Z`);
  if (Number.isNaN(asUtc)) return Number.NaN;
  const passes = [...new Set([asUtc - offset(asUtc - 86_400_000), asUtc - offset(asUtc + 86_400_000)])]
    .filter((at) => at + offset(at) === asUtc)
    .toSorted((a, b) => a - b);
  const [first = asUtc - offset(asUtc), second] = passes;
  return second !== undefined && last >= second ? second : first;
}

/** Milliseconds that local time is ahead of UTC at an instant. */
function offsetReader(timeZone: string | undefined): (at: number) => number {
  // A formatter takes 25 ms to make, a tenth of what a scan of a hundred megabytes takes.
  if (timeZone === 'UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en-US', {
    ...(timeZone === undefined ? {} : { timeZone }),
    timeZoneName: 'longOffset',
  });
  return (at) => {
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const found = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name);
    if (found === null) return 0;
    const seconds = Number(found[2]) * 3600 + Number(found[3]) * 60 + Number(found[4] ?? 0);
    return (found[1] === '-' ? -1 : 1) * seconds * 1000;
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The time of a syslog prefix. Only the RFC 3339 form says a year; `Nov 23 08:53:00` is the last one
 * that is not in the future, if it is known what time it is.
 */
function prefixTime(prefix: string, offset: (at: number) => number, now?: number): number | undefined {
  const full = /\d{4}-\d\d-\d\dT\S+/.exec(prefix)?.[0];
  if (full !== undefined) {
    const at = Date.parse(full);
    return Number.isNaN(at) ? undefined : at;
  }
  const found = /([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)/.exec(prefix);
  const month = months.indexOf(found?.[1] ?? '');
  if (found === null || month === -1 || now === undefined) return undefined;
  const [day, hours, minutes, seconds] = found.slice(2).map(Number);
  const inYear = (year: number): number => {
    const asUtc = Date.UTC(year, month, day, hours, minutes, seconds);
    return asUtc - offset(asUtc);
  };
  const year = new Date(now).getUTCFullYear();
  // Clocks differ: a day ahead is no other year.
  return [year + 1, year, year - 1].map(inYear).find((at) => at <= now + 86_400_000);
}
