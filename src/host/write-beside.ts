/** Writes a secret beside a file, for the same owner and nobody else, at once or not at all. */
import { open, rename, stat, unlink } from 'node:fs/promises';
import type { Result } from '../base/result.ts';
import { attempt } from './machine-problem.ts';
import { temporaryName } from './temporary-name.ts';

export async function writeBeside(model: string, path: string, text: string): Promise<Result<void>> {
  return await attempt('write', path, async () => {
    const { uid, gid } = await stat(model);
    const temporary = `${path}${temporaryName()}`;
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.chown(uid, gid);
      await file.writeFile(text);
      await file.sync();
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  });
}
