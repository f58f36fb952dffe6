/** A change that is not settled, for people and programs: no content of any file. */
import type { PendingChange } from './pending-changes.ts';

export interface DescribedChange {
  readonly id: string;
  readonly folder: string;
  readonly state: 'waiting' | 'working' | 'interrupted';
  readonly reason: string;
  readonly person: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** When it is taken back. */
  readonly until?: number;
  readonly files: readonly string[];
}

export function describePending({ folder, journal, isAtWork }: PendingChange): DescribedChange {
  const { id, reason, person, at, edits, waiting } = journal;
  return {
    id,
    folder,
    state: waiting !== undefined ? 'waiting' : isAtWork ? 'working' : 'interrupted',
    reason,
    person: person.name,
    at,
    ...(waiting === undefined ? {} : { until: waiting.until }),
    files: edits.map(({ path }) => path),
  };
}
