/** When a path was last changed, and whose it is, by number; undefined where it is gone. */
import { lstat } from 'node:fs/promises';

export interface PathTimes {
  /** Of its content, owner, mode or name (ctime: nobody can set it), in milliseconds since 1970. */
  readonly changedAt: number;
  readonly uid: number;
}

export async function pathTimes(path: string): Promise<PathTimes | undefined> {
  return await lstat(path).then(
    ({ ctimeMs, uid }) => ({ changedAt: ctimeMs, uid }),
    () => undefined,
  );
}
