/** What a filter has seen in a log: lines, hits of each expression, dates. */
import type { Problem } from '../../base/problem.ts';

export interface CheckReport {
  readonly lines: number;
  readonly matched: number;
  readonly ignored: number;
  readonly missed: number;
  readonly prefregex: { readonly expression: string; readonly hits: number } | undefined;
  readonly failregex: readonly Hits[];
  readonly ignoreregex: readonly Hits[];
  readonly dates: readonly Hits[];
  /** Expressions that took too long, and were left out from then on. */
  readonly quarantined: readonly string[];
  readonly problems: readonly Problem[];
}

export interface Hits {
  readonly expression: string;
  readonly hits: number;
}

/** A line that counts. */
export interface CheckedLine {
  /** 1 is the first of the log. */
  readonly line: number;
  readonly host: string | null;
  readonly ip4: string | null;
  readonly ip6: string | null;
  readonly dns: string | null;
  readonly fid: string | null;
  readonly user: string | null;
  /** ISO 8601; null where the log has no date. */
  readonly time: string | null;
  readonly attempts: number;
  /** Which failregex: 1 is the first. */
  readonly regex: number;
}

export type LineVerdict = 'matched' | 'ignored' | 'missed';
