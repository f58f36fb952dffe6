/**
 * Creates a file that must not be there yet, with its mode from the first byte on, and on the disk when
 * it is done. A secret is at no instant readable by others, and never written over.
 */
import { open } from 'node:fs/promises';
import { type Failed, fail, ok, type Result } from '../base/result.ts';

export async function createFile(
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<Result<void>> {
  try {
    const file = await open(path, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    return ok();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const kind = code === 'EACCES' || code === 'EPERM' ? 'permission' : 'unavailable';
    return code === 'EEXIST'
      ? alreadyThere(path)
      : fail(kind, `cannot create ${path}: ${code === 'ENOENT' ? 'its folder does not exist' : message}`, {
          path,
        });
  }
}

export function alreadyThere(path: string): Failed {
  return fail('configuration', `cannot create ${path}: it must not exist: it does`, {
    path,
    hint: 'nothing is written over; move it away, or name another folder',
  });
}
