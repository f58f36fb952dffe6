/** Whether a path is itself a symbolic link, wherever that leads. */
import { lstat } from 'node:fs/promises';

export async function isLink(path: string): Promise<boolean> {
  return await lstat(path.replace(/(?<=.)\/+$/, '')).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}
