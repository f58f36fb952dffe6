/** A record as plain data: for the page, through the keeper. What it changed is in words; no content of any file. */
import { describe } from './describe.ts';
import { isUnexplained, type LogEntry } from './read-log.ts';

export interface DescribedRecord {
  readonly commit: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly person: string;
  readonly reason: string;
  readonly explained?: string | undefined;
  readonly isUnexplained: boolean;
  /** A line each, the first of them. */
  readonly changes: readonly string[];
  /** The paths that it touched, as the history names them; the first of them. */
  readonly paths: readonly string[];
  /** How many there are in all. */
  readonly count: number;
}

/** The first record of a folder touches all of it. */
const most = 50;

export function describeRecord(entry: LogEntry): DescribedRecord {
  const { commit, at, person, reason, explained, differences } = entry;
  const shown = differences.slice(0, most);
  return {
    commit,
    at,
    person,
    reason,
    ...(explained === undefined ? {} : { explained }),
    isUnexplained: isUnexplained(entry),
    changes: shown.map(describe),
    paths: shown.map(({ path }) => path),
    count: differences.length,
  };
}
