/** Takes a recorded change back, as a change of its own: what stands in the way is told, and then nothing is done. */
import { fail, type Result } from '../base/result.ts';
import type { Step } from '../change/change.ts';
import { makeChange } from '../change/make-change.ts';
import { findCommit } from '../history/find-commit.ts';
import { readLog } from '../history/read-log.ts';
import { openRepository } from '../history/repository.ts';
import { undoChange } from '../history/undo.ts';
import { claimedPerson } from '../host/person.ts';
import type { KeeperCommand } from './keeper-command.ts';

export async function undoRecord(
  { folder, commit: named, confirmWithinMs, person }: Extract<KeeperCommand, { readonly do: 'undo' }>,
  tell: (step: Step) => void,
): Promise<Result<unknown>> {
  const repository = await openRepository(folder);
  if (!repository.ok) return repository;
  const commit = await findCommit(repository.value, named);
  if (!commit.ok) return commit;
  const undo = await undoChange(repository.value, commit.value);
  if (!undo.ok) return undo;
  const { edits, conflicts } = undo.value;
  if (conflicts.length > 0)
    return fail(
      'no',
      `cannot undo ${named.slice(0, 12)}: nothing may stand in the way: ${conflicts.map(({ path, why }) => `${path}: ${why}`).join('; ')}`,
      { hint: `on the server: portreeve history undo ${named.slice(0, 12)}` },
    );
  if (edits.length === 0)
    return fail('no', `cannot undo ${named.slice(0, 12)}: something of it must still hold: nothing does`);
  const log = await readLog(repository.value, 1, commit.value);
  if (!log.ok) return log;
  const said = (log.value[0]?.reason.split('\n')[0] ?? '').slice(0, 200);
  const reason = `undo ${commit.value.slice(0, 12)}: ${said}`;
  const timed = confirmWithinMs === undefined ? {} : { confirmWithinMs };
  return await makeChange({ folder, reason, edits, proofs: [], ...timed }, tell, {
    person: claimedPerson(person),
  });
}
