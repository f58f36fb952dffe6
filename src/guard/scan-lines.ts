/** The lines themselves behind the counts of a scan: those that a rule sees, or those that it misses. */
import { eachLine, type Line, type ReadLines } from '../exim/each-line.ts';
import type { LogKind } from '../exim/event.ts';
import { logContext, type LogContextOptions } from '../exim/log-context.ts';
import { SyslogEntries } from '../exim/syslog-entries.ts';
import { sightingOf } from './sighting.ts';
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
  { show, rule, context: options, progress }: ShowLinesOptions,
  use: (line: ShownLine) => void,
): Promise<ReadLines & { readonly count: number }> {
  const entries = new SyslogEntries(logContext(options));
  let count = 0;
  const look = ({ text: line, number, path }: Line): void => {
    const { event, text } = entries.read(line);
    const sighting = sightingOf(event, text)?.kind;
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
  const read = await eachLine(paths, look, progress === undefined ? {} : { progress });
  return { ...read, count };
}
