/** A regular file with owner and group by name, as an edit would set them. */
import { ok, type Result } from '../base/result.ts';
import { readAccounts } from './accounts.ts';
import { readWholeFile } from './whole-file.ts';

export interface NamedFile {
  readonly content: Uint8Array;
  readonly owner: string;
  readonly group: string;
  readonly mode: number;
}

/** Undefined where there is none; a problem where it is no regular file. */
export async function readNamedFile(path: string): Promise<Result<NamedFile | undefined>> {
  const file = await readWholeFile(path);
  if (!file.ok) return file;
  if (file.value === undefined) return ok(undefined);
  const accounts = await readAccounts();
  const { content, uid, gid, mode } = file.value;
  return ok({ content, mode, owner: accounts.userName(uid), group: accounts.groupName(gid) });
}
