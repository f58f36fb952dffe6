/**
 * Reads a log entry by entry: what syslog has made several lines of is put together again. Exim cuts an
 * entry of more than 870 bytes (`[1/3] …`, `[2/3] …`, write_syslog() of log.c), and writes what stands in
 * both mainlog and rejectlog twice (syslog_duplication, on by default), which must not count twice.
 *
 * An entry is told with its last line; its other lines, and second copies, are continuations. One whose
 * last piece is missing, because syslog has dropped it, is not told at all.
 */
import type { LogEvent, LogKind } from './event.ts';
import type { LogContext } from './log-context.ts';
import { parseLogLine } from './log-line.ts';

export interface ReadEntry {
  readonly event: LogEvent;
  /** The entry as one line; that of a continuation is the line as it is. */
  readonly text: string;
}

/** Prefix; host, program and process; number of the piece, how it was cut, of how many. */
const head =
  /^((?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\dT\S+) (\S+ [^\s[:]+(?:\[\d+\])?): )(?:\[(\d+)([/\\])(\d+)\] )?/;

/** Kinds of entry that Exim writes to the reject log as well. */
export const inBothLogs: ReadonlySet<LogKind> = new Set([
  'auth-failed',
  'dropped',
  'helo-rejected',
  'rejected',
  'sender-verify',
  'sync-error',
  'unqualified',
]);

/** Processes whose entries are remembered; so many write at a time only on the busiest of servers. */
const mostProcesses = 256;
/** Exim's own longest entry is 8 KiB, with the headers of a rejected message some more (log.c). */
const longestEntry = 65_536;

interface Process {
  /** What there is of an entry that was cut. */
  begun: string;
  /** The number of the piece that is next; 0 where nothing is begun. */
  next: number;
  /** The last entry that may come again, without syslog's prefix. */
  last: string;
}

export class SyslogEntries {
  readonly #context: LogContext;
  readonly #processes = new Map<string, Process>();

  constructor(context: LogContext) {
    this.#context = context;
  }

  /** `line` without its newline. */
  read(line: string): ReadEntry {
    // Most logs are files of Exim's own: `2026-11-23 08:53:00 …`
    const found = line[10] === ' ' && line[4] === '-' ? null : head.exec(line);
    if (found === null) return { event: parseLogLine(line, this.#context), text: line };
    const [all, prefix = '', name = '', piece, cut] = found;
    const process = this.#process(name);
    const rest = line.slice(all.length);
    if (piece === undefined) {
      process.next = 0;
      return this.#entry(process, line, rest);
    }
    const number = Number(piece);
    if (number === 1) process.begun = '';
    else if (number !== process.next) return { event: continuation(line), text: line };
    process.begun = number === 1 ? prefix + rest : process.begun + rest;
    const isWhole = cut === '\\' || piece === found[5];
    process.next = isWhole || process.begun.length > longestEntry ? 0 : number + 1;
    if (!isWhole) return { event: continuation(line), text: line };
    const text = process.begun;
    process.begun = '';
    return this.#entry(process, text, text.slice(text.indexOf(`${name}: `) + name.length + 2));
  }

  #entry(process: Process, text: string, own: string): ReadEntry {
    const event = parseLogLine(text, this.#context);
    if (!inBothLogs.has(event.kind)) {
      process.last = '';
      return { event, text };
    }
    const isCopy = process.last === own;
    process.last = isCopy ? '' : own;
    return { event: isCopy ? continuation(text) : event, text };
  }

  #process(name: string): Process {
    const known = this.#processes.get(name) ?? { begun: '', next: 0, last: '' };
    // The one that has been silent for longest stands first.
    this.#processes.delete(name);
    this.#processes.set(name, known);
    if (this.#processes.size > mostProcesses) {
      const [oldest = ''] = this.#processes.keys();
      this.#processes.delete(oldest);
    }
    return known;
  }
}

function continuation(text: string): LogEvent {
  return { kind: 'continuation', form: 'continuation', at: undefined, stamp: {}, text };
}
