/** `portreeve history try NAME [--for 15m]`, `history keep`, `history drop`: experiments. */
import { Command } from 'commander';
import { z } from 'zod';
import { parseDuration } from '../../base/duration.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { recordChange } from '../../change/record-change.ts';
import { timeOfDay } from '../../change/time-of-day.ts';
import { thisBoot } from '../../host/boot.ts';
import { systemClock } from '../../host/clock.ts';
import {
  currentExperiment,
  type Experiment,
  type ExperimentEnd,
  finishExperiment,
  startExperiment,
} from '../../history/experiment.ts';
import { parseReason } from '../../history/reason.ts';
import type { Repository } from '../../history/repository.ts';
import { act } from '../act.ts';
import { endExperiment } from '../end-experiment.ts';
import { pushAfter } from '../push-after.ts';
import { tracked } from '../tracked.ts';
import { watchDeadlines } from '../watch-deadlines.ts';

const folderOption = [
  '--folder <dir>',
  'the tracked folder (default: the one you are in, or the only one)',
] as const;

export function historyTry(): Command {
  return new Command('try')
    .description('start an experiment: what is recorded from now on can be kept or dropped as a whole')
    .argument('<name>', 'what to call it; a branch gets that name')
    .option('--for <time>', 'it is dropped by itself after that time, such as 15m, unless it is kept')
    .option(...folderOption)
    .action(
      act(
        z.object({ for: z.string().optional(), folder: z.string().optional() }),
        async ({ speak, args: [name = ''], options }) => {
          const time = options.for === undefined ? undefined : parseDuration(options.for);
          if (time?.ok === false) return time;
          const repository = await tracked(options.folder);
          if (!repository.ok) return repository;
          const reason = parseReason(`drift before trying ${name}`);
          if (!reason.ok) return reason;
          const recorded = await recordChange(repository.value.folder, reason.value, () => undefined);
          if (!recorded.ok) return recorded;
          const end = time === undefined ? undefined : await endAfter(time.value);
          const started = await startExperiment(repository.value, { name, ...(end && { end }) });
          if (!started.ok) return started;
          if (end !== undefined) await watchDeadlines();
          speak.line(`trying ${name}; portreeve history keep or history drop ends it`);
          if (end !== undefined) speak.line(`it is dropped by itself at ${timeOfDay(end.until)}`);
          speak.document(started.value);
          return ok(0);
        },
      ),
    );
}

async function endAfter(milliseconds: number): Promise<ExperimentEnd> {
  const { id, uptimeMs } = await thisBoot();
  return {
    until: systemClock.now() + milliseconds,
    bootId: id,
    uptimeMs: uptimeMs + milliseconds,
  };
}

export function historyKeep(): Command {
  return new Command('keep')
    .description('keep what the experiment has recorded')
    .option(...folderOption)
    .action(
      act(z.object({ folder: z.string().optional() }), async ({ speak, options }) => {
        const found = await theExperiment(options.folder);
        if (!found.ok) return found;
        const { repository, experiment } = found.value;
        const finished = await finishExperiment(repository, experiment, 'keep');
        if (!finished.ok) return finished;
        speak.line(`${experiment.name} is kept`);
        await pushAfter(speak, repository);
        speak.document({ folder: repository.folder, kept: experiment.name });
        return ok(0);
      }),
    );
}

export function historyDrop(): Command {
  return new Command('drop')
    .description('take back all that the experiment has changed, as a change')
    .option('-m, --reason <text>', 'why (default: that it is dropped)')
    .option(...folderOption)
    .action(
      act(
        z.object({ folder: z.string().optional(), reason: z.string().optional() }),
        async ({ speak, options }) => {
          const found = await theExperiment(options.folder);
          if (!found.ok) return found;
          const { repository, experiment } = found.value;
          const reason = options.reason ?? `drop ${experiment.name}`;
          return await endExperiment(speak, repository, experiment, reason);
        },
      ),
    );
}

async function theExperiment(
  folder: string | undefined,
): Promise<Result<{ readonly repository: Repository; readonly experiment: Experiment }>> {
  const repository = await tracked(folder);
  if (!repository.ok) return repository;
  const experiment = await currentExperiment(repository.value);
  if (!experiment.ok) return experiment;
  if (experiment.value !== undefined)
    return ok({ repository: repository.value, experiment: experiment.value });
  return fail('no', 'cannot end the experiment: there must be one: there is none', {
    hint: 'start one: portreeve history try NAME',
  });
}
