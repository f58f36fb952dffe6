/** A new folder that nobody else can look into; whoever asks for it removes it. */
import { mkdtemp, realpath } from 'node:fs/promises';
import type { Result } from '../base/result.ts';
import { attempt } from './machine-problem.ts';
import { makeFolders } from './make-folders.ts';

export async function makePrivateFolder(below: string): Promise<Result<string>> {
  return await attempt('make a private folder in', below, async () => {
    await makeFolders(below);
    return await realpath(await mkdtemp(`${below}/.scratch-`));
  });
}
