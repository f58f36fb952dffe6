/** The lines themselves behind the counts of a scan: those that a rule sees, or those that it misses. */
import type { Problem } from '../base/problem.ts';
import { eachLine, type Line, type ReadLines } from '../exim/each-line.ts';
import type { LogKind } from '../exim/event.ts';
import { logContext, type LogContextOptions } from '../exim/log-context.ts';
import { SyslogEntries } from '../exim/syslog-entries.ts';
import type { LineJudge } from './line-judge.ts';
import type { ScanRules } from './scan-rules.ts';
import type { SightingKind } from './sighting-kind.ts';

export interface ShownLine {
  readonly file: string;
  readonly line: number;
  readonly kind: LogKind;
  readonly rule?: SightingKind;
  readonly peer?: string;
  readonly text: string;
}

export interface ShowLinesOptions {
  readonly show: 'matched' | 'unmatched';
  readonly rules: ScanRules;
  readonly rule: SightingKind | undefined;
  readonly context: LogContextOptions;
  /** Told of bytes that have been read. */
  readonly progress?: (bytes: number) => void;
}

/** Kinds of event in which abuse shows, whether a rule is made for them or not. */
const suspicious: ReadonlySet<LogKind> = new Set([
  'ambiguous',
  'auth-failed',
  'disconnected',
  'dropped',
  'helo-rejected',
  'host-lookup',
  'incomplete',
  'no-mail',
  'protocol-error',
  'refused',
  'rejected',
  'sender-verify',
  'sync-error',
  'syntax-error',
  'timeout',
  'tls-error',
  'unqualified',
]);

export async function showLines(
  paths: readonly string[],
  { show, rules, rule, context, progress }: ShowLinesOptions,
  use: (line: ShownLine) => void,
): Promise<ReadLines & { readonly count: number }> {
  const entries = new SyslogEntries(logContext(context));
  let count = 0;
  const showOther = (path: string, judges: readonly LineJudge[], { text, number }: Line): void => {
    const sighting = judges.map((judge) => judge(text)).find((one) => one !== undefined);
    const isShown = sighting !== undefined && show === 'matched' && (rule ?? sighting.kind) === sighting.kind;
    if (!isShown) return;
    count += 1;
    use({ file: path, line: number, kind: 'other', rule: sighting.kind, peer: sighting.address, text });
  };
  const showExims = ({ text: line, number, path }: Line): void => {
    const { event, text } = entries.read(line);
    const sighting = rules.sightingOf(event, text)?.kind;
    const shown =
      show === 'matched'
        ? sighting !== undefined && (rule === undefined || sighting === rule)
        : sighting === undefined && suspicious.has(event.kind);
    if (!shown) return;
    count += 1;
    use({
      file: path,
      line: number,
      kind: event.kind,
      ...(sighting === undefined ? {} : { rule: sighting }),
      ...(event.peer === undefined ? {} : { peer: event.peer }),
      text,
    });
  };
  const read = { lines: 0, bytes: 0 };
  const problems: Problem[] = [];
  for (const path of paths) {
    const judges = rules.judgesOf(path);
    const look = (line: Line): void => {
      if (judges === undefined) showExims(line);
      else showOther(path, judges, line);
    };
    const options = { isOther: judges !== undefined, ...(progress === undefined ? {} : { progress }) };
    const one = await eachLine([path], look, options);
    read.lines += one.lines;
    read.bytes += one.bytes;
    problems.push(...one.problems);
  }
  return { ...read, problems, count };
}
