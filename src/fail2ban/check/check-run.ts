/** A filter run over lines one by one: the whole way, which knows of each failure all that the filter tells. */
import type { Calendar } from '../dates/calendar.ts';
import type { DateDetector } from '../dates/date-detector.ts';
import { textOf } from '../filter/failure.ts';
import type { FilterRules } from '../filter/filter-rules.ts';
import type { LineExpression } from '../filter/line-expression.ts';
import { type Found, LineFilter } from '../filter/line-filter.ts';
import type { LineTaker } from './check-blocks.ts';
import type { CheckCounts } from './check-counts.ts';
import type { CheckedLine } from './check-report.ts';

export interface CheckRunOptions {
  readonly counts: CheckCounts;
  readonly rules: FilterRules;
  readonly dates: DateDetector;
  readonly calendar: Calendar;
  readonly zone: number | undefined;
  readonly quarantine: ReadonlySet<LineExpression>;
  readonly found: ((line: CheckedLine) => void) | undefined;
}

export class CheckRun implements LineTaker {
  readonly #options: CheckRunOptions;
  readonly #filter: LineFilter;
  #number = 0;

  constructor(options: CheckRunOptions) {
    this.#options = options;
    const { counts, rules, dates, calendar, zone, quarantine } = options;
    this.#filter = new LineFilter({
      rules,
      dates,
      calendar,
      ...(zone === undefined ? {} : { zone }),
      checkAll: true,
      ignorePending: false,
      trying: (rule, text) => {
        counts.tries(rule, text);
      },
      quarantine,
    });
  }

  rewind(): void {
    this.#number -= 1;
    this.#filter.rewind();
  }

  leaveOut(): void {
    this.#number += 1;
  }

  line(text: string, start: number, end: number, _low: number, _high: number, asciiText: boolean): void {
    const { counts, found } = this.#options;
    this.#number += 1;
    const line = text.slice(start, end).replace(/[\r\n]+$/, '');
    if (line === '' || line.startsWith('#')) return;
    const all = this.#filter.line(line, asciiText);
    for (const { regex } of all) counts.hit(regex);
    for (const place of this.#filter.ignored) counts.ignoreHit(place);
    const failures = all.filter(({ spared }) => !spared);
    const isIgnored = failures.length < all.length || this.#filter.ignored.length > 0;
    const verdict = isIgnored ? 'ignored' : failures.length > 0 ? 'matched' : 'missed';
    counts.line(line, verdict, this.#filter.passed);
    if (verdict !== 'matched') return;
    for (const each of failures) found?.(checkedLine(each, this.#number));
  }
}

function checkedLine(found: Found, line: number): CheckedLine {
  const { groups } = found;
  const group = (name: string): string | null => textOf(groups, name) ?? null;
  const host = typeof found.id === 'string' ? found.id : (found.id?.join(' ') ?? null);
  return {
    line,
    host,
    ip4: group('ip4'),
    ip6: group('ip6'),
    dns: group('dns'),
    fid: group('fid'),
    user: found.users === undefined ? group('user') : [...found.users].join(', ') || group('user'),
    time: found.time === undefined ? null : new Date(found.time * 1000).toISOString(),
    attempts: found.attempts,
    regex: found.regex + 1,
  };
}
