/**
 * An entry of the journal as fail2ban has its filters search it (filtersystemd's formatJournalEntry): host,
 * program and process as syslog writes them, then the message; the time is the entry's own.
 */
import { type JournalEntry, journalText } from '../../host/journal-follower.ts';
import type { LineParts } from '../filter/line-parts.ts';

export interface JournalLine {
  readonly parts: LineParts;
  /** Seconds since 1970; NaN where the entry does not say. */
  readonly time: number;
}

const microseconds = 1_000_000;

export function journalLine(entry: JournalEntry): JournalLine {
  const field = (...names: readonly string[]): string =>
    names.map((name) => journalText(entry[name])).find((text) => text !== '') ?? '';
  const elements: string[] = [];
  const host = field('_HOSTNAME');
  if (host !== '') elements.push(host);
  const program = field('SYSLOG_IDENTIFIER', '_COMM');
  if (program !== '') {
    const id = field('SYSLOG_PID', '_PID');
    elements.push(`${program}${id === '' ? '' : `[${wholeNumber(id)}]`}:`);
    if (elements.at(-1) === 'kernel:') {
      const sinceBoot = Number(field('_SOURCE_MONOTONIC_TIMESTAMP', '__MONOTONIC_TIMESTAMP'));
      elements.push(`[${(sinceBoot / microseconds).toFixed(6).padStart(12)}]`);
    }
  }
  elements.push(journalText(entry['MESSAGE']));
  const at = field('_SOURCE_REALTIME_TIMESTAMP', '__REALTIME_TIMESTAMP');
  const time = at === '' ? Number.NaN : Number(at) / microseconds;
  const stamp = Number.isNaN(time) ? '' : `${new Date(time * 1000).toISOString()} `;
  return { parts: ['', stamp, elements.join(' ').replaceAll('\n', '\\n')], time };
}

/** Python's `[%i]`, where it is one. */
function wholeNumber(text: string): string {
  return /^[+-]?\d{1,15}$/.test(text.trim()) ? String(Number(text)) : text;
}

/** The matches of `journalmatch`, for journalctl: those of a line together, the lines apart. Words may be quoted. */
export function journalMatches(lines: readonly string[]): readonly string[] {
  const each = lines.map((line) =>
    [...line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/["']/g, '')),
  );
  return each.flatMap((words, place) => (place === 0 ? words : ['+', ...words]));
}
