/** Renames within one folder such that it is still so after a power cut. */
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Result } from '../base/result.ts';
import { attempt } from './machine-problem.ts';

export async function moveDurably(from: string, to: string): Promise<Result<void>> {
  return await attempt('move', from, async () => {
    await rename(from, to);
    const folder = await open(dirname(to), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  });
}
