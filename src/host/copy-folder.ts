/** Copies a folder with owners, modes, links and time stamps: `cp -a`, into a place that must not exist. */
import { ok, type Result } from '../base/result.ts';
import { succeed } from './succeed.ts';

export async function copyFolder(from: string, to: string): Promise<Result<void>> {
  const copied = await succeed('copy the folder', ['cp', '-a', '--no-target-directory', '--', from, to]);
  return copied.ok ? ok() : copied;
}
