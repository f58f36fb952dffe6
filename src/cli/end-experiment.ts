/** Drops the experiment of a folder for a person, and tells each step. */
import { type Failed, ok, type Ok } from '../base/result.ts';
import { dropExperiment } from '../change/drop-experiment.ts';
import type { Experiment } from '../history/experiment.ts';
import type { Repository } from '../history/repository.ts';
import type { ExitStatus } from './exit-status.ts';
import { finishFirst } from './finish-first.ts';
import { pushAfter } from './push-after.ts';
import type { Speaker } from './speak.ts';
import { stepTeller } from './step-teller.ts';

export async function endExperiment(
  speak: Speaker,
  repository: Repository,
  experiment: Experiment,
  reason: string,
): Promise<Ok<ExitStatus> | Failed> {
  const dropped = await finishFirst(
    speak,
    async () => await dropExperiment(repository, experiment, reason, stepTeller(speak)),
  );
  if (!dropped.ok) return dropped;
  const { folder } = repository;
  speak.line(`${experiment.name} is dropped; ${folder} is as record ${experiment.from.slice(0, 12)} has it`);
  await pushAfter(speak, repository);
  speak.document({ folder, dropped: experiment.name });
  return ok(0);
}
