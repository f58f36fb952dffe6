/** Adds to the end of a file, which is made where it is not; on the disk when it is done. */
import { open } from 'node:fs/promises';
import type { Result } from '../base/result.ts';
import { attempt } from './machine-problem.ts';

export async function appendText(path: string, text: string, mode: number): Promise<Result<void>> {
  return await attempt('write', path, async () => {
    const file = await open(path, 'a', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}
