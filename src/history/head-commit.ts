/** The last record of a history; nothing where there is none yet. */
import { ok, type Result } from '../base/result.ts';
import { branch, type Repository } from './repository.ts';

export async function headCommit(repository: Repository): Promise<Result<string | undefined>> {
  const found = await repository.git.run('read the history', [
    'for-each-ref',
    '--format=%(objectname)',
    branch,
  ]);
  if (!found.ok) return found;
  const commit = found.value.trim();
  return ok(commit === '' ? undefined : commit);
}
