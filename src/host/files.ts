/**
 * Plain reading and writing of files and folders. Errors of the machine become problems with the
 * path in them. Configuration is never written from here: that is `replace-file.ts`, which keeps
 * owner, mode and atomicity.
 */
import { readdirSync } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { Result } from '../base/result.ts';
import { makeFolders } from './make-folders.ts';
import { attempt } from './machine-problem.ts';

/** The whole file, refused above `cap` bytes (16 MiB). */
/** As `latin1` every byte is one character, so that what is written back is the same. */
export async function readText(
  path: string,
  cap: number = 16 * 1024 * 1024,
  encoding: 'utf8' | 'latin1' = 'utf8',
): Promise<Result<string>> {
  return await attempt('read', path, async () => {
    const { size } = await stat(path);
    if (size > cap)
      throw Object.assign(new Error(`needs at most ${cap} bytes: has ${size}`), { code: 'EFBIG' });
    return await readFile(path, encoding);
  });
}

export async function writeText(path: string, text: string, mode = 0o644): Promise<Result<void>> {
  return await attempt('write', path, async () => {
    await writeFile(path, text, { mode });
  });
}

export async function makeFolder(path: string, mode = 0o755): Promise<Result<void>> {
  return await attempt('make the folder', path, async () => {
    await makeFolders(path, mode);
  });
}

export async function listFolder(path: string): Promise<Result<string[]>> {
  return await attempt('list', path, () => readdirSync(path));
}

export async function moveFile(from: string, to: string): Promise<Result<void>> {
  return await attempt('move', from, async () => {
    await rename(from, to);
  });
}

/** Removes a file or a whole folder; one that is not there is no problem. */
export async function removeAll(path: string): Promise<Result<void>> {
  return await attempt('remove', path, async () => {
    await rm(path, { recursive: true, force: true });
  });
}

export async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** Milliseconds since 1970, or 0 where there is no such file. */
export async function modifiedAt(path: string): Promise<number> {
  return await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

export async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
