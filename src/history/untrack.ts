/**
 * Ends the tracking of a folder: the pointer to its history is removed from it, so that the folder is as it was
 * before. The history itself is set aside, not thrown away. Doing it twice changes nothing.
 */
import { ok, type Result } from '../base/result.ts';
import { exists, moveFile, readText, removeAll } from '../host/files.ts';
import { gitDirOf } from './repository.ts';

/** `now` names what is set aside. Returns where the history lies then; undefined where there was none. */
export async function untrack(folder: string, now: number): Promise<Result<string | undefined>> {
  const gitDir = gitDirOf(folder);
  const pointer = await readText(`${folder}/.git`, 10_000);
  if (pointer.ok && pointer.value.trim() === `gitdir: ${gitDir}`) {
    const removed = await removeAll(`${folder}/.git`);
    if (!removed.ok) return removed;
  }
  if (!(await exists(gitDir))) return ok(undefined);
  const aside = `${gitDir}.ended-${now}`;
  const moved = await moveFile(gitDir, aside);
  return moved.ok ? ok(aside) : moved;
}
