/** `portreeve history status [DIR]`: drift, that is what differs from the last record. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { interruptedChange } from '../../change/interrupted-change.ts';
import { describe } from '../../history/describe.ts';
import { findDrift } from '../../history/drift.ts';
import { openRepository } from '../../history/repository.ts';
import { act } from '../act.ts';
import { chosenFolder } from '../chosen-folder.ts';

export function historyStatus(): Command {
  return new Command('status')
    .description('show drift: what differs from the last record; status 1 when anything does')
    .argument('[dir]', 'the tracked folder (default: the one you are in, or the only one)')
    .action(
      act(z.object({}), async ({ speak, args: [dir] }) => {
        const folder = await chosenFolder(dir);
        if (!folder.ok) return folder;
        const repository = await openRepository(folder.value);
        if (!repository.ok) return repository;
        const interrupted = await interruptedChange(folder.value);
        if (!interrupted.ok) return interrupted;
        const drift = await findDrift(repository.value);
        if (!drift.ok) return drift;
        const { head, taken, differences } = drift.value;
        const changes = differences.map(describe);
        speak.line(
          changes.length === 0
            ? `${folder.value}: no drift; all is as record ${(head ?? '').slice(0, 12)} has it`
            : `${folder.value}: drift, ${changes.length} path(s) changed without a record`,
        );
        for (const change of changes) speak.line(`  ${change}`);
        if (interrupted.value !== undefined) {
          speak.line(
            `  interrupted by a crash: "${interrupted.value}"; the next change or record repairs it`,
          );
        }
        for (const { path, why } of taken.leftOut) speak.line(`  left out: ${path}: ${why}`);
        if (changes.length > 0) {
          speak.line(`explain it: portreeve history record --reason "…" ${folder.value}`);
        }
        speak.document({
          folder: folder.value,
          commit: head,
          drift: changes,
          interrupted: interrupted.value,
          leftOut: taken.leftOut,
        });
        return ok(changes.length === 0 && interrupted.value === undefined ? 0 : 1);
      }),
    );
}
