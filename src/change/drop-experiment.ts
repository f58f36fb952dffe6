/** Drops the experiment of a folder: the folder goes back as a change, the history to its main line. */
import { fail, ok, type Result } from '../base/result.ts';
import { type Experiment, finishExperiment } from '../history/experiment.ts';
import type { Repository } from '../history/repository.ts';
import { undoTo } from '../history/undo.ts';
import type { Step } from './change.ts';
import { makeChange } from './make-change.ts';
import type { TransactionOptions } from './open-transaction.ts';

export async function dropExperiment(
  repository: Repository,
  experiment: Experiment,
  reason: string,
  tell: (step: Step) => void,
  options: TransactionOptions = {},
): Promise<Result<void>> {
  const undo = await undoTo(repository, experiment.from, ['.']);
  if (!undo.ok) return undo;
  const [conflict] = undo.value.conflicts;
  if (conflict !== undefined) {
    return fail('no', `cannot drop ${experiment.name}: all must go back: ${conflict.path}: ${conflict.why}`, {
      hint: 'put that file back by hand, then drop it again; or portreeve history keep',
    });
  }
  const change = { folder: repository.folder, reason, edits: undo.value.edits, proofs: [] };
  const made = await makeChange(change, tell, options);
  if (!made.ok) return made;
  const finished = await finishExperiment(repository, experiment, 'drop');
  return finished.ok ? ok() : finished;
}
