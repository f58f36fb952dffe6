/** Records that the keeper has made of drift, and that nobody has told the reason of; newest first. */
import { ok, type Result } from '../base/result.ts';
import { notesRef } from './conventions.ts';
import { isUnexplained } from './read-log.ts';
import type { Repository } from './repository.ts';

export interface Unexplained {
  readonly commit: string;
  readonly reason: string;
}

/** Of the last `limit` of them. What they changed is not looked at: that would cost a look at each tree. */
export async function unexplained({ git }: Repository, limit: number): Promise<Result<Unexplained[]>> {
  const format = '--format=%H%n%s%x00%N';
  const which = ['--grep=^drift', `--max-count=${limit}`, 'HEAD', '--'];
  const read = await git.run('read the history', ['log', '-z', format, `--notes=${notesRef}`, ...which]);
  if (!read.ok) return read;
  const parts = read.value.split('\0');
  const found: Unexplained[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [commit = '', reason = ''] = (parts[index] ?? '').split('\n');
    const explained = (parts[index + 1] ?? '').trim();
    if (isUnexplained({ reason, ...(explained && { explained }) })) found.push({ commit, reason });
  }
  return ok(found);
}
