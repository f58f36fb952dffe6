/**
 * What is counted of a filter over a log, as fail2ban-regex counts: a line matches, is ignored (ignoreregex, or
 * no failure by itself), or is missed.
 */
import type { DateDetector } from '../dates/date-detector.ts';
import type { FilterRules } from '../filter/filter-rules.ts';
import type { LineExpression } from '../filter/line-expression.ts';
import type { CheckReport, LineVerdict } from './check-report.ts';

export interface CheckCountsOptions {
  readonly rules: FilterRules;
  readonly dates: DateDetector;
  /** Expressions that have taken too long; whoever watches adds to it. */
  readonly quarantine: ReadonlySet<LineExpression>;
  readonly judged?: (text: string, verdict: LineVerdict) => void;
}

export class CheckCounts {
  readonly #options: CheckCountsOptions;
  readonly #hits: number[];
  readonly #ignoreHits: number[];
  #prefixHits = 0;
  #lines = 0;
  #matched = 0;
  #ignored = 0;
  #rule: LineExpression | undefined;
  #text = '';

  constructor(options: CheckCountsOptions) {
    this.#options = options;
    this.#hits = options.rules.fail.map(() => 0);
    this.#ignoreHits = options.rules.ignore.map(() => 0);
  }

  /** An expression is about to be tried. */
  tries(rule: LineExpression, text: string): void {
    this.#rule = rule;
    this.#text = text;
  }

  /** What is being tried on what: for whoever watches that it ends. */
  trying(): { readonly rule: LineExpression; readonly text: string } | undefined {
    return this.#rule === undefined ? undefined : { rule: this.#rule, text: this.#text };
  }

  /** A failregex has found a failure. */
  hit(regex: number): void {
    this.#hits[regex] = (this.#hits[regex] ?? 0) + 1;
  }

  /** An ignoreregex has matched. */
  ignoreHit(regex: number): void {
    this.#ignoreHits[regex] = (this.#ignoreHits[regex] ?? 0) + 1;
  }

  /** A line has been judged; `passed` by prefregex. */
  line(line: string, verdict: LineVerdict, passed: boolean): void {
    this.#lines += 1;
    if (passed) this.#prefixHits += 1;
    if (verdict === 'matched') this.#matched += 1;
    else if (verdict === 'ignored') this.#ignored += 1;
    this.#options.judged?.(line, verdict);
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
