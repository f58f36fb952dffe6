/** A folder of our own for as long as some work lasts. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';

export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(`${tmpdir()}/portreeve-`);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
