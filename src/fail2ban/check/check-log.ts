/**
 * Runs a filter over a log: `fail2ban check`.
 */
import { fail, ok, type Result } from '../../base/result.ts';
import { isFile } from '../../host/is-file.ts';
import { localCalendar } from '../../host/local-calendar.ts';
import { type LogFile, openLog } from '../../host/log-file.ts';
import { eachBlock, textDecoder } from '../../host/text-lines.ts';
import { datesOf } from '../dates/dates-of.ts';
import { zoneOffset } from '../dates/zone-offset.ts';
import { compileRules } from '../filter/filter-rules.ts';
import type { LineExpression } from '../filter/line-expression.ts';
import type { UseDns } from '../filter/resolve-tags.ts';
import type { CheckedLine, CheckReport, LineVerdict } from './check-report.ts';
import { FastCheck } from './fast-check.ts';
import { CheckBlocks } from './check-blocks.ts';
import { CheckCounts } from './check-counts.ts';
import { canScan, literalScanner } from './literal-scanner.ts';
import { expressionFilter, mayBeFilter } from './loaded-filter.ts';

export interface CheckOptions {
  /** fail2ban's configuration. */
  readonly folder: string;
  /** In place of the filter's own. */
  readonly datepattern?: string;
  readonly maxlines?: number;
  readonly ignoreregex?: string;
  readonly usedns: UseDns;
  /** A label of the WHATWG encoding standard. */
  readonly encoding: string;
  /** Zone of lines that do not say theirs: `UTC+0200`, `CET`. */
  readonly timezone?: string;
  /** Milliseconds that four megabytes of lines may take; they take some tens. */
  readonly batchBudget?: number;
  readonly found?: (line: CheckedLine) => void;
  readonly judged?: (text: string, verdict: LineVerdict) => void;
}

/** `log` is a file, `-`, or a line itself. */
export async function checkLog(
  log: string,
  filter: string,
  options: CheckOptions,
): Promise<Result<CheckReport>> {
  const loaded = mayBeFilter(filter)
    ? await (await import('./load-filter.ts')).loadFilter(options.folder, filter, 'file')
    : ok(expressionFilter(filter));
  if (!loaded.ok) return loaded;
  const { definition, place } = loaded.value;
  const sources = {
    ...definition,
    maxlines: options.maxlines ?? definition.maxlines,
    ignoreregex: [
      ...definition.ignoreregex,
      ...(options.ignoreregex === undefined ? [] : [options.ignoreregex]),
    ],
  };
  if (sources.failregex.length === 0) {
    return fail('configuration', `cannot run ${filter}: needs a failregex: it has none`, { path: filter });
  }
  const rules = compileRules(sources, options.usedns);
  if (!rules.ok) {
    const { problem } = rules;
    const where = place(problem.path?.replace(/ \d+$/, '') ?? '');
    return where === undefined
      ? rules
      : { ok: false, problem: { ...problem, message: `${where}: ${problem.message}`, path: where } };
  }
  const calendar = localCalendar();
  const thisYear = new Date(calendar.now() * 1000).getUTCFullYear();
  const dates = datesOf(options.datepattern ?? definition.datepattern, thisYear);
  if (!dates.ok) return dates;
  const zone = options.timezone === undefined ? undefined : zoneOffset(options.timezone);
  if (options.timezone !== undefined && zone === undefined) {
    return fail('usage', `cannot use the time zone: needs one like UTC+0200 or CET: ${options.timezone}`);
  }
  const decode = textDecoder(options.encoding);
  if (decode === undefined) {
    return fail(
      'usage',
      `cannot decode the log: needs an encoding like utf-8 or latin1: ${options.encoding}`,
    );
  }
  const quarantine = new Set<LineExpression>();
  const { found, judged } = options;
  const work = { rules: rules.value, dates: dates.value, quarantine };
  const counts = new CheckCounts({ ...work, ...(judged === undefined ? {} : { judged }) });
  const quick = found === undefined ? FastCheck.over({ ...work, counts }) : undefined;
  const fast = quick !== undefined && canScan(quick.literals) ? quick : undefined;
  // What it takes is loaded when it is needed: the quick way has ended in that time.
  const taker =
    fast ?? new (await import('./check-run.ts')).CheckRun({ ...work, counts, found, zone, calendar });
  const scanner = literalScanner(fast?.literals ?? []);
  const budget = options.batchBudget ?? 10_000;
  const blocks = new CheckBlocks({ taker, counts, scanner, decode, quarantine, budget });
  if (log !== '-' && !isFile(log) && !log.startsWith('/')) {
    blocks.alone(log);
    return ok(counts.report());
  }
  const opened: Result<LogFile> = openLog(log);
  if (!opened.ok) return opened;
  const read = await eachBlock(opened.value, scanner.block, (filled) => {
    blocks.take(filled);
  });
  return ok({ ...counts.report(), problems: read.ok ? [] : [read.problem] });
}
