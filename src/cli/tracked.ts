/** The history that a command is about, opened. */
import type { Result } from '../base/result.ts';
import { openRepository, type Repository } from '../history/repository.ts';
import { chosenFolder } from './chosen-folder.ts';

export async function tracked(named: string | undefined): Promise<Result<Repository>> {
  const folder = await chosenFolder(named);
  return folder.ok ? await openRepository(folder.value) : folder;
}
