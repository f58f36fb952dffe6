/** `portreeve history status [DIR]`: drift, and all else that waits for a person. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { interruptedChange } from '../../change/interrupted-change.ts';
import { pendingChanges } from '../../change/pending-changes.ts';
import { timeOfDay } from '../../change/time-of-day.ts';
import { thisBoot } from '../../host/boot.ts';
import { systemClock } from '../../host/clock.ts';
import { describe } from '../../history/describe.ts';
import { findDrift } from '../../history/drift.ts';
import { currentExperiment, isOver } from '../../history/experiment.ts';
import { pushState } from '../../history/push.ts';
import { unexplained } from '../../history/unexplained.ts';
import { act } from '../act.ts';
import { tracked } from '../tracked.ts';

const looked = 200;

export function historyStatus(): Command {
  return new Command('status')
    .description('show drift, and what is unexplained or not pushed; status 1 when there is drift')
    .argument('[dir]', 'the tracked folder (default: the one you are in, or the only one)')
    .action(
      act(z.object({}), async ({ speak, args: [dir] }) => {
        const repository = await tracked(dir);
        if (!repository.ok) return repository;
        const { folder } = repository.value;
        const interrupted = await interruptedChange(folder);
        if (!interrupted.ok) return interrupted;
        const pending = await pendingChanges();
        if (!pending.ok) return pending;
        const unconfirmed = pending.value.filter(
          (each) => each.folder === folder && each.journal.waiting !== undefined,
        );
        const drift = await findDrift(repository.value);
        if (!drift.ok) return drift;
        const experiment = await currentExperiment(repository.value);
        if (!experiment.ok) return experiment;
        const push = await pushState(repository.value);
        if (!push.ok) return push;
        const { head, taken, differences } = drift.value;
        const waiting = head === undefined ? ok([]) : await unexplained(repository.value, looked);
        if (!waiting.ok) return waiting;
        const silent = waiting.value;
        const changes = differences.map(describe);
        const pushed = push.value === undefined ? undefined : push.value.pushed === head;
        speak.line(
          changes.length === 0
            ? `${folder}: no drift; all is as record ${(head ?? '').slice(0, 12)} has it`
            : `${folder}: drift, ${changes.length} path(s) changed without a record`,
        );
        for (const change of changes) speak.line(`  ${change}`);
        if (interrupted.value !== undefined) {
          speak.line(
            `  interrupted by a crash: "${interrupted.value}"; the next change or record repairs it`,
          );
        }
        for (const { journal } of unconfirmed) {
          const until = timeOfDay(journal.waiting?.until ?? 0);
          speak.line(
            `  waits to be confirmed until ${until}: ${journal.id} "${journal.reason.split('\n')[0] ?? ''}"`,
          );
        }
        for (const { path, why } of taken.leftOut) speak.line(`  left out: ${path}: ${why}`);
        if (experiment.value !== undefined) {
          const over = isOver(experiment.value, systemClock.now(), await thisBoot())
            ? '; its time is up'
            : '';
          speak.line(`  experiment: ${experiment.value.name}${over}`);
        }
        if (pushed === false) {
          speak.line(
            `  not pushed to ${push.value?.remote ?? ''}: ${push.value?.problem ?? 'not yet tried'}`,
          );
        }
        for (const { commit, reason } of silent.slice(0, 5)) {
          speak.line(`  unexplained: ${commit.slice(0, 12)} ${reason}`);
        }
        if (silent.length > 5) speak.line(`  unexplained: ${silent.length - 5} more`);
        if (changes.length > 0) speak.line(`record it: portreeve history record -m "…" ${folder}`);
        if (silent.length > 0) speak.line('explain them: portreeve history explain ID -m "…"');
        speak.document({
          folder,
          commit: head,
          drift: changes,
          interrupted: interrupted.value,
          unconfirmed: unconfirmed.map(({ journal }) => journal.id),
          experiment: experiment.value,
          remote: push.value?.remote,
          pushed,
          unexplained: silent.map(({ commit }) => commit),
          leftOut: taken.leftOut,
        });
        const settled = interrupted.value === undefined && unconfirmed.length === 0;
        return ok(changes.length === 0 && settled ? 0 : 1);
      }),
    );
}
