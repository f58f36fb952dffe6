/** The one commit that a person means: an id or the start of one, a tag, a branch, `HEAD~2`. */
import { fail, ok, type Result } from '../base/result.ts';
import type { Repository } from './repository.ts';

export async function findCommit({ git, folder }: Repository, text: string): Promise<Result<string>> {
  // --end-of-options: what a person writes is never an option of git.
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${text}^{commit}`];
  const found = await git.run('find the record', args, { answers: [1, 128] });
  if (!found.ok) return found;
  const commit = found.value.trim();
  if (/^[0-9a-f]{40}$/.test(commit)) return ok(commit);
  return fail('no', `cannot find the record: the history of ${folder} must hold it: ${text}`, {
    hint: 'portreeve history log lists the records',
  });
}
