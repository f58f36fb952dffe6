/**
 * Makes a folder and the folders above it that are missing; one that is there is left as it is.
 *
 * Node's own recursive mkdir never returns where a file system says "no such folder" about a folder
 * whose parent exists, as /proc does.
 */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Throws what the machine says. */
export async function makeFolders(path: string, mode = 0o755): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path || (await isThere(parent))) throw error;
    await makeFolders(parent);
    await makeFolders(path, mode);
  }
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
