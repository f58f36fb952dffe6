/** `portreeve change apply --reason TEXT PATH=SOURCE…`: new content for files, as one change. */
import { Command } from 'commander';
import { z } from 'zod';
import { parseReason } from '../../history/reason.ts';
import { act } from '../act.ts';
import { collect } from '../collect.ts';
import { carryOutRequest } from '../carry-out.ts';
import { chosenFolder } from '../chosen-folder.ts';
import { confirmWithin } from '../confirm-within.ts';
import { readEdits } from '../read-edits.ts';

const schema = z.object({
  reason: z.string().optional(),
  folder: z.string().optional(),
  expect: z.array(z.string()),
  confirmWithin: z.string().optional(),
});

export function changeApply(): Command {
  return new Command('apply')
    .description(
      'put new content into files of a tracked folder: rehearsed, applied, proved, recorded, or undone',
    )
    .argument('<path=source...>', 'PATH in the folder gets the content of the file SOURCE')
    .option('-m, --reason <text>', 'why; there has to be a reason')
    .option('--folder <dir>', 'the tracked folder (default: the one you are in, or the only one)')
    .option(
      '--expect <proof>',
      'what must hold afterwards: starttls[:PORT], listens[:PORT], closed[:PORT]; may be repeated',
      collect,
      [],
    )
    .option('--confirm-within <time>', 'take it back unless it is confirmed in that time, such as 10m')
    .action(
      act(schema, async ({ speak, args, options }) => {
        const reason = parseReason(options.reason);
        if (!reason.ok) return reason;
        const folder = await chosenFolder(options.folder);
        if (!folder.ok) return folder;
        const edits = await readEdits(folder.value, args);
        if (!edits.ok) return edits;
        const within = confirmWithin(options.confirmWithin);
        if (!within.ok) return within;
        return await carryOutRequest(speak, {
          folder: folder.value,
          reason: reason.value,
          edits: edits.value,
          expect: options.expect,
          ...within.value,
        });
      }),
    );
}
