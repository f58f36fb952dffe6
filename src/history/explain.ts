/** Tells the reason of a record later: a git note, so that the record itself stays what it was. */
import type { Result } from '../base/result.ts';
import type { Person } from '../host/person.ts';
import { notesRef } from './conventions.ts';
import type { Reason } from './reason.ts';
import type { Repository } from './repository.ts';

export interface Explanation {
  readonly commit: string;
  readonly reason: Reason;
  readonly person: Person;
}

/** A second explanation is added below the first. */
export async function explain(
  { git }: Repository,
  { commit, reason, person }: Explanation,
): Promise<Result<string>> {
  const as = ['-c', `user.name=${person.name}`, '-c', `user.email=${person.email}`];
  const args = [...as, 'notes', `--ref=${notesRef}`, 'append', '--file=-', commit];
  const input = Buffer.from(`${reason} (${person.name})\n`);
  return await git.run('explain the record', args, { input });
}
