/** `portreeve history try NAME [PATH=SOURCE…] [--for 15m] [--rehearse]`, `history keep`, `history drop`. */
import { Command } from 'commander';
import { z } from 'zod';
import { parseDuration } from '../../base/duration.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { recordChange } from '../../change/record-change.ts';
import { timeOfDay } from '../../change/time-of-day.ts';
import { thisBoot } from '../../host/boot.ts';
import { systemClock } from '../../host/clock.ts';
import {
  canStart,
  currentExperiment,
  type Experiment,
  type ExperimentEnd,
  finishExperiment,
  startExperiment,
} from '../../history/experiment.ts';
import { parseReason } from '../../history/reason.ts';
import type { Repository } from '../../history/repository.ts';
import { act } from '../act.ts';
import { carryOut } from '../carry-out.ts';
import { endExperiment } from '../end-experiment.ts';
import { pushAfter } from '../push-after.ts';
import { readEdits } from '../read-edits.ts';
import { tracked } from '../tracked.ts';
import { watchDeadlines } from '../watch-deadlines.ts';

const folderOption = [
  '--folder <dir>',
  'the tracked folder (default: the one you are in, or the only one)',
] as const;

const schema = z.object({
  for: z.string().optional(),
  folder: z.string().optional(),
  reason: z.string().optional(),
  rehearse: z.boolean().optional(),
});

export function historyTry(): Command {
  return new Command('try')
    .description('start an experiment: what is recorded from now on can be kept or dropped as a whole')
    .argument('<name>', 'what to call it; a branch gets that name')
    .argument(
      '[path=source...]',
      'begin with this change: PATH in the folder gets the content of the file SOURCE',
    )
    .option('--for <time>', 'it is dropped by itself after that time, such as 15m, unless it is kept')
    .option('--rehearse', 'make the change in the lab first, on a machine of its own with a real Exim')
    .option('-m, --reason <text>', 'why (default: that it is tried)')
    .option(...folderOption)
    .action(
      act(schema, async ({ speak, args: [name = '', ...pairs], options }) => {
        const time = options.for === undefined ? undefined : parseDuration(options.for);
        if (time?.ok === false) return time;
        const repository = await tracked(options.folder);
        if (!repository.ok) return repository;
        const { folder } = repository.value;
        const edits = await readEdits(folder, pairs);
        if (!edits.ok) return edits;
        const reason = options.reason ?? `try ${name}`;
        const free = await canStart(repository.value, name);
        if (!free.ok) return free;
        if (options.rehearse === true) {
          if (edits.value.length === 0) {
            return fail('usage', 'cannot try it in the lab: it must be said what: no PATH=SOURCE was given', {
              hint: 'for example: portreeve history try quiet exim4.conf.localmacros=/root/new --rehearse',
            });
          }
          // No other command of this family needs the lab.
          const { rehearseInLab } = await import('../rehearse-in-lab.ts');
          const rehearsed = await rehearseInLab({
            folder,
            reason,
            edits: edits.value,
            tell: (line) => {
              speak.note(`lab: ${line}`);
            },
          });
          if (!rehearsed.ok) return rehearsed;
        }
        const started = await begin(repository.value, name, time?.value);
        if (!started.ok) return started;
        const { end } = started.value;
        speak.line(`trying ${name}; portreeve history keep or history drop ends it`);
        if (end !== undefined) speak.line(`it is dropped by itself at ${timeOfDay(end.until)}`);
        if (edits.value.length === 0) {
          speak.document(started.value);
          return ok(0);
        }
        const made = await carryOut(speak, { folder, reason, edits: edits.value, proofs: [] });
        // An experiment that could not begin is none.
        if (!made.ok) await finishExperiment(repository.value, started.value, 'drop');
        return made;
      }),
    );
}

async function begin(
  repository: Repository,
  name: string,
  milliseconds: number | undefined,
): Promise<Result<Experiment>> {
  const reason = parseReason(`drift before trying ${name}`);
  if (!reason.ok) return reason;
  const recorded = await recordChange(repository.folder, reason.value, () => undefined);
  if (!recorded.ok) return recorded;
  const end = milliseconds === undefined ? undefined : await endAfter(milliseconds);
  const started = await startExperiment(repository, { name, ...(end && { end }) });
  if (started.ok && end !== undefined) await watchDeadlines();
  return started;
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
