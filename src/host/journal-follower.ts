/**
 * Follows what programs have written to systemd's journal, entry by entry: for an Exim that logs by syslog
 * (`log_file_path = syslog`). It runs `journalctl --follow --output=json`, and starts it again where it ends.
 *
 * The place is journalctl's cursor, and it is told of behind the last entry that was handed over. An entry
 * without a time of its own (`syslog_timestamp = no`) gets the journal's, as Exim would have written it.
 */
import type { Problem } from '../base/problem.ts';
import type { Clock } from './clock.ts';
import { startService } from './service.ts';

export interface JournalOptions {
  /** `SYSLOG_IDENTIFIER` of whom to follow. */
  readonly identifiers: readonly string[];
  readonly from: 'end' | { readonly cursor: string };
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly onLine: (line: string) => void;
  readonly onProblem?: (problem: Problem) => void;
  /** The program, and further arguments before ours. */
  readonly command?: readonly string[];
}

interface Entry {
  readonly __CURSOR?: string;
  /** Microseconds since 1970. */
  readonly __REALTIME_TIMESTAMP?: string;
  /** Bytes as numbers where it is no UTF-8. */
  readonly MESSAGE?: string | readonly number[] | null;
}

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
    const { signal, clock, identifiers, onProblem, command = ['journalctl'] } = this.#options;
    let told: string | undefined;
    while (!signal.aborted) {
      const errors: string[] = [];
      const start = this.#cursor === undefined ? ['--lines=0'] : [`--after-cursor=${this.#cursor}`];
      const journal = startService(
        [
          ...command,
          '--follow',
          '--output=json',
          '--quiet',
          ...start,
          ...identifiers.map((identifier) => `--identifier=${identifier}`),
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
    const entry = parse(text);
    if (entry?.__CURSOR === undefined) return;
    const { MESSAGE: message, __REALTIME_TIMESTAMP: at } = entry;
    const line = typeof message === 'string' ? message : Buffer.from(message ?? []).toString('latin1');
    for (const part of line.split('\n')) this.#options.onLine(stamped(part, Number(at) / 1000));
    this.#cursor = entry.__CURSOR;
  }
}

function parse(text: string): Entry | undefined {
  try {
    return JSON.parse(text) as Entry;
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
