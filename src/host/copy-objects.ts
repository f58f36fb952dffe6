/**
 * Copies the objects of a git repository, file by file, without git: whoever owns a repository may have git
 * run programs in it. Only what has the name of an object or a pack is taken, and no link is followed.
 */
import { constants, copyFileSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import type { Result } from '../base/result.ts';
import { attempt } from './machine-problem.ts';

const loose = /^[0-9a-f]{38}$/;
const packed = /^pack-[0-9a-f]{40}\.(?:pack|idx)$/;

export async function copyObjects(from: string, to: string): Promise<Result<void>> {
  return await attempt('copy the history', from, async () => {
    for (const folder of readdirSync(from)) {
      const form = /^[0-9a-f]{2}$/.test(folder) ? loose : folder === 'pack' ? packed : undefined;
      if (form === undefined || !lstatSync(`${from}/${folder}`).isDirectory()) continue;
      mkdirSync(`${to}/${folder}`, { recursive: true, mode: 0o700 });
      for (const name of readdirSync(`${from}/${folder}`)) {
        const path = `${from}/${folder}/${name}`;
        if (!form.test(name) || !lstatSync(path).isFile()) continue;
        copyFileSync(path, `${to}/${folder}/${name}`, constants.COPYFILE_FICLONE);
      }
    }
    await Promise.resolve();
  });
}
