/**
 * An SQLite file: the door to node:sqlite. Write-ahead logging, so that a killed process loses nothing
 * that was committed (a power cut may lose the last moments, never the file's soundness); readable by
 * its owner alone; free pages are given back when asked.
 */
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { fail, ok, type Failed, type Result } from '../base/result.ts';
import { machineProblem } from './machine-problem.ts';

export type Row = Readonly<Record<string, string | number | null>>;

export type Values = readonly (string | number | null | undefined)[];

export interface Database {
  /** Reads all of the file: whether it is damaged. Takes some seconds for a gigabyte. */
  check(): Result<void>;
  /** Runs `work` in one transaction: all of it, or after a problem nothing. */
  write<T>(act: string, work: () => T): Result<T>;
  read<T>(act: string, work: () => T): Result<T>;
  /** Several statements, without values. Inside `write` or `read`. */
  run(sql: string): void;
  /** One statement, prepared once. Inside `write` or `read`. Returns how many rows it changed. */
  change(sql: string, ...values: readonly SQLInputValue[]): number;
  rows(sql: string, ...values: readonly SQLInputValue[]): Row[];
  /** The same, one row at a time: for tables that would fill the memory. */
  eachRow(sql: string, use: (row: Row) => void, ...values: readonly SQLInputValue[]): void;
  /** The values of each row in the order of its columns: the fastest, for the longest tables. */
  eachValues(sql: string, use: (values: Values) => void, ...values: readonly SQLInputValue[]): void;
  close(): void;
}

/** What the file is to a problem with it: damaged or held by somebody, in which case another may do, or neither. */
export type DatabaseState = 'damaged' | 'locked' | 'other';

const lockedAfterMs = 2000;

export function openDatabase(path: string): Result<Database> {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    return machineProblem('open', path, error as NodeJS.ErrnoException);
  }
  return attemptSql('open', path, () => {
    const file = new DatabaseSync(path, { timeout: lockedAfterMs });
    try {
      file.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      // Whoever holds the file is found out now.
      file.exec('BEGIN IMMEDIATE; ROLLBACK');
    } catch (error) {
      file.close();
      throw error;
    }
    return databaseOf(path, file);
  });
}

function databaseOf(path: string, file: DatabaseSync): Database {
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql) ?? file.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  return {
    check: () =>
      attemptSql('open', path, () => {
        const [check] = file.prepare('PRAGMA quick_check(1)').all();
        if (check?.['quick_check'] !== 'ok')
          throw Object.assign(new Error(String(check?.['quick_check'])), { errcode: corrupt });
      }),
    read: (act, work) => attemptSql(act, path, work),
    write: (act, work) =>
      attemptSql(act, path, () => {
        file.exec('BEGIN IMMEDIATE');
        try {
          const value = work();
          file.exec('COMMIT');
          return value;
        } catch (error) {
          // SQLite ends the transaction by itself when the disk is full.
          if (file.isTransaction) file.exec('ROLLBACK');
          throw error;
        }
      }),
    run: (sql) => {
      file.exec(sql);
    },
    change: (sql, ...values) => Number(statement(sql).run(...values).changes),
    rows: (sql, ...values) => statement(sql).all(...values) as Row[],
    eachRow: (sql, use, ...values) => {
      for (const row of statement(sql).iterate(...values)) use(row as Row);
    },
    eachValues: (sql, use, ...values) => {
      const listing = file.prepare(sql);
      listing.setReturnArrays(true);
      for (const row of listing.iterate(...values)) use(row as unknown as Values);
    },
    close: () => {
      file.close();
    },
  };
}

/** https://www.sqlite.org/rescode.html; the low byte is the primary code. */
const [permission, busy, locked, readOnly, io, corrupt, full, cannotOpen, notDatabase] = [
  3, 5, 6, 8, 10, 11, 13, 14, 26,
];

const words: Readonly<Record<number, string>> = {
  [permission]: 'permission denied',
  [busy]: 'somebody else holds it',
  [locked]: 'somebody else holds it',
  [readOnly]: 'it is read-only',
  [io]: 'the disk fails',
  [corrupt]: 'the file is damaged',
  [full]: 'no space is left on the device',
  [cannotOpen]: 'it cannot be opened',
  [notDatabase]: 'the file is no database',
};

/** Whether another file in its place would help. */
export function databaseState({ problem }: Failed): DatabaseState {
  const says = (code: number): boolean => problem.message.includes(words[code] ?? '');
  if (says(corrupt) || says(notDatabase)) return 'damaged';
  return says(busy) ? 'locked' : 'other';
}

function attemptSql<T>(act: string, path: string, work: () => T): Result<T> {
  try {
    return ok(work());
  } catch (error) {
    if (!(error instanceof Error) || !('errcode' in error)) throw error;
    const code = Number(error.errcode) & 0xff;
    const isOurs = words[code] === undefined;
    // A statement that is wrong is a bug.
    if (isOurs) throw error;
    return fail(
      code === permission ? 'permission' : 'unavailable',
      `cannot ${act} ${path}: ${words[code]}: ${error.message.replace(/\s+/g, ' ').slice(0, 200)}`,
      {
        path,
        ...(code === full ? { hint: 'free some space there' } : {}),
      },
    );
  }
}
