/** Rows of an SQLite file that belongs to somebody else: nothing is written, not even beside it. */
import { DatabaseSync } from 'node:sqlite';
import { fail, ok, type Result } from '../base/result.ts';
import { isFile } from './is-file.ts';
import type { Row } from './database.ts';

/** At most so many rows are taken. */
const mostRows = 1_000_000;

/** Undefined where there is no such file. */
export async function readRows(path: string, sql: string): Promise<Result<readonly Row[] | undefined>> {
  if (!isFile(path)) return ok(undefined);
  try {
    const file = new DatabaseSync(path, { readOnly: true, timeout: 2000 });
    try {
      return ok(file.prepare(`${sql} LIMIT ${mostRows}`).all() as Row[]);
    } finally {
      file.close();
    }
  } catch (error) {
    if (!(error instanceof Error) || !('errcode' in error)) throw error;
    return fail('unavailable', `cannot read ${path}: needs a database that can be read: ${error.message}`, {
      path,
    });
  }
}
