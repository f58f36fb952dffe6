/**
 * Follows what programs have written to systemd's journal, entry by entry: for an Exim that logs by syslog
 * (`log_file_path = syslog`). It runs `journalctl --follow --output=json`, and starts it again where it ends.
 *
 * The place is journalctl's cursor, and it is told of behind the last entry that was handed over. Before there is
 * one it is the time at which `run` was called: what is written while journalctl still starts is not lost. An entry
 * without a time of its own (`syslog_timestamp = no`) gets the journal's, as Exim would have written it.
 */
import type { Problem } from '../base/problem.ts';
import type { Clock } from './clock.ts';
import { startService } from './service.ts';

export interface JournalOptions {
  /** `SYSLOG_IDENTIFIER` of whom to follow. */
  readonly identifiers?: readonly string[];
  /** Further matches of journalctl's: `_SYSTEMD_UNIT=ssh.service`, `+`. */
  readonly matches?: readonly string[];
  readonly from: 'end' | { readonly cursor: string };
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Lines as Exim would have written them into a file. */
  readonly onLine?: (line: string) => void;
  /** Whole entries, with all their fields. */
  readonly onEntry?: (entry: JournalEntry) => void;
  readonly onProblem?: (problem: Problem) => void;
  /** The program, and further arguments before ours. */
  readonly command?: readonly string[];
}

/**
 * As `journalctl --output=json` writes it: bytes as numbers where a field is no UTF-8, a list of its values
 * where it has several, null where it is too long.
 */
export type JournalEntry = Readonly<Record<string, JournalField | readonly JournalField[] | undefined>>;
export type JournalField = string | readonly number[] | null;

const restartMs = 1000;

export class JournalFollower {
  readonly #options: JournalOptions;
  #cursor: string | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    if (options.from !== 'end') this.#cursor = options.from.cursor;
  }

  get position(): { readonly cursor: string } | undefined {
    return this.#cursor === undefined ? undefined : { cursor: this.#cursor };
  }

  /** Ends when the signal is aborted. */
  async run(): Promise<void> {
    const { signal, clock, identifiers = [], matches = [], onProblem } = this.#options;
    const { command = ['journalctl'] } = this.#options;
    const begun = `--since=@${(clock.now() / 1000).toFixed(3)}`;
    let told: string | undefined;
    while (!signal.aborted) {
      const errors: string[] = [];
      const start = this.#cursor === undefined ? [begun, '--no-tail'] : [`--after-cursor=${this.#cursor}`];
      const journal = startService(
        [
          ...command,
          '--follow',
          '--output=json',
          '--quiet',
          ...start,
          ...identifiers.map((identifier) => `--identifier=${identifier}`),
          ...matches,
        ],
        { onLine: (line) => this.#take(line), onErrorLine: (line) => errors.push(line) },
      );
      const end = (): void => {
        journal.signal('SIGTERM');
      };
      signal.addEventListener('abort', end);
      const status = await journal.ended;
      signal.removeEventListener('abort', end);
      if (signal.aborted) return;
      const message = `cannot follow the journal: journalctl must go on: it ended with status ${status}: ${errors.slice(-2).join(' | ') || 'and said nothing'}`;
      if (message !== told)
        onProblem?.({ kind: 'unavailable', message, hint: 'it is started again each second' });
      told = message;
      await clock.sleep(restartMs, signal);
    }
  }

  #take(text: string): void {
    const { onLine, onEntry } = this.#options;
    const entry = parse(text);
    const cursor = entry?.['__CURSOR'];
    if (entry === undefined || typeof cursor !== 'string') return;
    onEntry?.(entry);
    if (onLine !== undefined) {
      const at = Number(entry['__REALTIME_TIMESTAMP']) / 1000;
      for (const part of journalText(entry['MESSAGE']).split('\n')) onLine(stamped(part, at));
    }
    this.#cursor = cursor;
  }
}

/** The text of a field; several values are joined by a blank. Bytes that are no UTF-8 are a character each. */
export function journalText(field: JournalEntry[string]): string {
  if (typeof field === 'string') return field;
  if (field === undefined || field === null) return '';
  const isBytes = field.every((each) => typeof each === 'number');
  return isBytes ? Buffer.from(field as number[]).toString('latin1') : field.map(journalText).join(' ');
}

function parse(text: string): JournalEntry | undefined {
  try {
    return JSON.parse(text) as JournalEntry;
  } catch {
    // Cut, because it was longer than a line may be.
    return undefined;
  }
}

function stamped(line: string, at: number): string {
  if (/^(?:\[\d+[/\\]\d+\] )?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(line) || Number.isNaN(at)) return line;
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${line}`;
}
