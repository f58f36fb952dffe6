/** Ends the experiment of a folder: the folder goes back as a change, and the history to its main line. */
import { type Failed, fail, ok, type Ok } from '../base/result.ts';
import { type Experiment, finishExperiment } from '../history/experiment.ts';
import type { Repository } from '../history/repository.ts';
import { undoTo } from '../history/undo.ts';
import { carryOut } from './carry-out.ts';
import type { ExitStatus } from './exit-status.ts';
import type { Speaker } from './speak.ts';

export async function dropExperiment(
  speak: Speaker,
  repository: Repository,
  experiment: Experiment,
  reason: string,
): Promise<Ok<ExitStatus> | Failed> {
  const undo = await undoTo(repository, experiment.from, ['.']);
  if (!undo.ok) return undo;
  const [conflict] = undo.value.conflicts;
  if (conflict !== undefined) {
    return fail('no', `cannot drop ${experiment.name}: all must go back: ${conflict.path}: ${conflict.why}`, {
      hint: 'put that file back by hand, then drop it again; or portreeve history keep',
    });
  }
  const { folder } = repository;
  const done = await carryOut(speak, { folder, reason, edits: undo.value.edits, proofs: [] });
  if (!done.ok) return done;
  const finished = await finishExperiment(repository, experiment, 'drop');
  if (!finished.ok) return finished;
  speak.line(`${experiment.name} is dropped; ${folder} is as record ${experiment.from.slice(0, 12)} has it`);
  return ok(0);
}
