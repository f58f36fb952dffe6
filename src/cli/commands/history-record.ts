/** `portreeve history record --reason TEXT [DIR]`: record what has changed, and why. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { recordChange } from '../../change/record-change.ts';
import { describe } from '../../history/describe.ts';
import { parseReason } from '../../history/reason.ts';
import { act } from '../act.ts';
import { chosenFolder } from '../chosen-folder.ts';

export function historyRecord(): Command {
  return new Command('record')
    .description('record what has changed, owners and modes included, and why')
    .argument('[dir]', 'the tracked folder (default: the one you are in, or the only one)')
    .option('-m, --reason <text>', 'why; there has to be a reason')
    .action(
      act(z.object({ reason: z.string().optional() }), async ({ speak, args: [dir], options }) => {
        const reason = parseReason(options.reason);
        if (!reason.ok) return reason;
        const folder = await chosenFolder(dir);
        if (!folder.ok) return folder;
        const recorded = await recordChange(folder.value, reason.value, ({ phase, evidence }) => {
          speak.note(`${phase.padEnd(8)} ${evidence}`);
        });
        if (!recorded.ok) return recorded;
        const { commit, differences, leftOut } = recorded.value;
        const changes = differences.map(describe);
        speak.line(
          changes.length === 0
            ? `nothing to record: ${folder.value} is as record ${commit.slice(0, 12)} has it`
            : `recorded ${commit.slice(0, 12)}`,
        );
        for (const change of changes) speak.line(`  ${change}`);
        for (const { path, why } of leftOut) speak.line(`  left out: ${path}: ${why}`);
        speak.document({ folder: folder.value, commit, changes, leftOut });
        return ok(0);
      }),
    );
}
