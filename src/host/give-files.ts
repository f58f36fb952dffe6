/** Gives files that root has made in somebody's folder to whom the folder belongs, who could not write them. */
import { lchown, lstat } from 'node:fs/promises';
import { isRoot } from './identity.ts';
import { attempt } from './machine-problem.ts';
import type { Result } from '../base/result.ts';

/** Names that are not there are passed over; so is what is no file with this one name alone. */
export async function giveFiles(folder: string, names: readonly string[]): Promise<Result<void>> {
  return await attempt('give away files of', folder, async () => {
    if (!isRoot()) return;
    const { uid, gid } = await lstat(folder);
    for (const name of names) {
      const path = `${folder}/${name}`;
      const look = await lstat(path).catch(() => undefined);
      // A link of the folder's owner must not make root give away what it points to.
      if (look?.isFile() === true && look.nlink === 1) await lchown(path, uid, gid);
    }
  });
}
