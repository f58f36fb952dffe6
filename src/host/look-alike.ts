/** Gives a path the owner, group and mode of another one. */
import { chmod, chown, stat } from 'node:fs/promises';
import type { Result } from '../base/result.ts';
import { attempt } from './machine-problem.ts';

export async function lookAlike(path: string, model: string): Promise<Result<void>> {
  return await attempt('set owner and mode of', path, async () => {
    const { uid, gid, mode } = await stat(model);
    await chown(path, uid, gid);
    await chmod(path, mode & 0o7777);
  });
}
