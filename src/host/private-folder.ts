/** A new folder that nobody else can look into; whoever asks for it removes it. */
import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import type { Result } from '../base/result.ts';
import { attempt } from './machine-problem.ts';

export async function makePrivateFolder(below: string): Promise<Result<string>> {
  return await attempt('make a private folder in', below, async () => {
    await mkdir(below, { recursive: true });
    return await realpath(await mkdtemp(`${below}/.scratch-`));
  });
}
