/**
 * A filter run over lines, counted as fail2ban-regex counts: a line matches, is ignored (ignoreregex, or no
 * failure by itself), or is missed. With maxlines, lines before a match that belong to it count as matched.
 */
import type { Calendar } from '../dates/calendar.ts';
import type { DateDetector } from '../dates/date-detector.ts';
import type { FilterRules } from '../filter/filter-rules.ts';
import { type Found, LineFilter } from '../filter/line-filter.ts';
import { textOf } from '../filter/failure.ts';
import type { LineExpression } from '../filter/line-expression.ts';
import type { CheckedLine, CheckReport, LineVerdict } from './check-report.ts';

export interface CheckRunOptions {
  readonly rules: FilterRules;
  readonly dates: DateDetector;
  readonly calendar: Calendar;
  readonly zone: number | undefined;
  /** Expressions that have taken too long; whoever watches adds to it. */
  readonly quarantine: ReadonlySet<LineExpression>;
  readonly found?: (line: CheckedLine) => void;
  readonly judged?: (text: string, verdict: LineVerdict) => void;
}

export class CheckRun {
  readonly #options: CheckRunOptions;
  readonly #filter: LineFilter;
  readonly #hits: number[];
  readonly #ignoreHits: number[];
  #prefixHits = 0;
  #number = 0;
  #lines = 0;
  #matched = 0;
  /** A line is being judged. */
  #isOpen = false;
  #ignored = 0;
  #rule: LineExpression | undefined;
  #text = '';

  constructor(options: CheckRunOptions) {
    this.#options = options;
    const { rules, dates, calendar, zone } = options;
    this.#hits = rules.fail.map(() => 0);
    this.#ignoreHits = rules.ignore.map(() => 0);
    this.#filter = new LineFilter({
      rules,
      dates,
      calendar,
      ...(zone === undefined ? {} : { zone }),
      checkAll: true,
      ignorePending: false,
      trying: (rule, text) => {
        this.tries(rule, text);
      },
      quarantine: options.quarantine,
    });
  }

  /** What is being tried on what: for whoever watches that it ends. */
  trying(): { readonly rule: LineExpression; readonly text: string } | undefined {
    return this.#rule === undefined ? undefined : { rule: this.#rule, text: this.#text };
  }

  /** Takes the last line back, after it was broken off: it is to be given again. */
  rewind(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#number -= 1;
    this.#lines -= 1;
    this.#filter.rewind();
  }

  line(text: string, asciiText: boolean): void {
    this.#number += 1;
    const line = text.replace(/[\r\n]+$/, '');
    if (line === '' || line.startsWith('#')) return;
    this.#lines += 1;
    this.#isOpen = true;
    const all = this.#filter.line(line, asciiText);
    this.#isOpen = false;
    for (const { regex } of all) this.#hits[regex] = (this.#hits[regex] ?? 0) + 1;
    for (const place of this.#filter.ignored) this.#ignoreHits[place] = (this.#ignoreHits[place] ?? 0) + 1;
    if (this.#filter.passed) this.#prefixHits += 1;
    const failures = all.filter(({ spared }) => !spared);
    const isIgnored = failures.length < all.length || this.#filter.ignored.length > 0;
    const verdict = isIgnored ? 'ignored' : failures.length > 0 ? 'matched' : 'missed';
    if (verdict === 'ignored') this.#ignored += 1;
    else if (verdict === 'matched') this.#matched += 1;
    this.#options.judged?.(line, verdict);
    if (verdict !== 'matched') return;
    for (const each of failures) this.#options.found?.(checkedLine(each, this.#number));
  }

  /** A failregex has matched a line that is counted otherwise. */
  hit(regex: number): void {
    this.#hits[regex] = (this.#hits[regex] ?? 0) + 1;
  }

  /** A line that has been judged otherwise; `passed` by prefregex. */
  counted(line: string, verdict: LineVerdict, passed: boolean): void {
    this.#number += 1;
    this.#lines += 1;
    if (passed) this.#prefixHits += 1;
    if (verdict === 'matched') this.#matched += 1;
    else if (verdict === 'ignored') this.#ignored += 1;
    this.#options.judged?.(line, verdict);
  }

  /** An expression is about to be tried by somebody else. */
  tries(rule: LineExpression, text: string): void {
    this.#rule = rule;
    this.#text = text;
  }

  report(): CheckReport {
    const { rules, dates } = this.#options;
    const counted = (all: readonly LineExpression[], hits: readonly number[]): CheckReport['failregex'] =>
      all.map(({ written: expression }, place) => ({ expression, hits: hits[place] ?? 0 }));
    return {
      lines: this.#lines,
      matched: this.#matched,
      ignored: this.#ignored,
      missed: this.#lines - this.#matched - this.#ignored,
      prefregex:
        rules.prefix === undefined ? undefined : { expression: rules.prefix.written, hits: this.#prefixHits },
      failregex: counted(rules.fail, this.#hits),
      ignoreregex: counted(rules.ignore, this.#ignoreHits),
      dates: dates
        .hits()
        .filter(({ hits }) => hits > 0)
        .map(({ template, hits }) => ({ expression: template.name, hits })),
      quarantined: [...this.#options.quarantine].map(({ written: expression }) => expression),
      problems: [],
    };
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
