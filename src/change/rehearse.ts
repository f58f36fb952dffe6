/** Tries the edits on a private copy of the folder; the service says what it thinks of it. */
import { ok, type Result } from '../base/result.ts';
import { copyFolder } from '../host/copy-folder.ts';
import { makeFolder, removeAll } from '../host/files.ts';
import { type PreparedEdit, putFile } from './prepared-edit.ts';
import type { Transaction } from './transaction.ts';

/** The evidence; none where nobody can rehearse. */
export async function rehearse(
  { repository, service, place }: Transaction,
  edits: readonly PreparedEdit[],
): Promise<Result<string[]>> {
  if (service.rehearse === undefined) return ok([]);
  // It holds copies of keys: private, and gone afterwards.
  const scratch = `${place}/rehearsal`;
  const cleared = await removeAll(scratch);
  if (!cleared.ok) return cleared;
  const made = await makeFolder(scratch, 0o700);
  if (!made.ok) return made;
  try {
    const copy = `${scratch}/copy`;
    const copied = await copyFolder(repository.folder, copy);
    if (!copied.ok) return copied;
    for (const { path, after } of edits) {
      const put = await putFile(`${copy}${path.slice(repository.folder.length)}`, after);
      if (!put.ok) return put;
    }
    return await service.rehearse(copy, scratch);
  } finally {
    await removeAll(scratch);
  }
}
