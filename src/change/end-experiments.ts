/**
 * Ends experiments whose time is up, by whoever comes first: the keeper, a process beside the shell, or the
 * unit at boot. One that cannot be dropped (its rehearsal says no, a secret is lost) stays, and is told.
 */
import type { Problem } from '../base/problem.ts';
import { thisBoot } from '../host/boot.ts';
import type { Clock } from '../host/clock.ts';
import { currentExperiment, type Experiment, isOver } from '../history/experiment.ts';
import { openRepository, type Repository, trackedFolders } from '../history/repository.ts';
import type { Step } from './change.ts';
import { dropExperiment } from './drop-experiment.ts';

export interface TimedExperiment {
  readonly repository: Repository;
  readonly experiment: Experiment;
}

/** Those that will end by themselves. */
export async function timedExperiments(): Promise<TimedExperiment[]> {
  const folders = await trackedFolders();
  const found: TimedExperiment[] = [];
  for (const folder of folders.ok ? folders.value : []) {
    const repository = await openRepository(folder);
    const experiment = repository.ok ? await currentExperiment(repository.value) : repository;
    if (!repository.ok || !experiment.ok || experiment.value?.end === undefined) continue;
    found.push({ repository: repository.value, experiment: experiment.value });
  }
  return found;
}

export async function endExperiments(
  timed: readonly TimedExperiment[],
  clock: Clock,
  tell: (step: Step) => void,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const boot = await thisBoot();
  for (const { repository, experiment } of timed) {
    if (!isOver(experiment, clock.now(), boot)) continue;
    const why = `drop ${experiment.name}: its time is up`;
    const dropped = await dropExperiment(repository, experiment, why, tell, { clock });
    if (!dropped.ok) problems.push(dropped.problem);
  }
  return problems;
}
