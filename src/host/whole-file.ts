/** A regular file as one value: bytes, owner, mode; read through one descriptor, no link followed. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fail, ok, type Result } from '../base/result.ts';
import { attempt } from './machine-problem.ts';
import type { Look } from './replace-file.ts';

export interface WholeFile extends Look {
  readonly content: Buffer;
}

/** Undefined where there is none; a problem where it is no regular file. */
export async function readWholeFile(path: string): Promise<Result<WholeFile | undefined>> {
  const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
  const read = await attempt('read', path, async () => {
    const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const { uid, gid, mode, isFile } = await file.stat().then((stats) => ({
        uid: stats.uid,
        gid: stats.gid,
        mode: stats.mode & 0o7777,
        isFile: stats.isFile(),
      }));
      return isFile ? { uid, gid, mode, content: await file.readFile() } : 'other';
    } finally {
      await file.close();
    }
  });
  if (!read.ok) return read.problem.kind === 'missing' ? ok(undefined) : read;
  return read.value === 'other'
    ? fail('configuration', `cannot read ${path}: it must be a regular file: it is none`, { path })
    : ok(read.value);
}
