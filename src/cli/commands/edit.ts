/** `portreeve edit FILE -m REASON`: edit a configuration file the way visudo does. */
import { Command } from 'commander';
import { z } from 'zod';
import { type Failed, ok, type Ok } from '../../base/result.ts';
import { parseReason, type Reason } from '../../history/reason.ts';
import { ask } from '../../host/prompt.ts';
import { act } from '../act.ts';
import { carryOutRequest } from '../carry-out.ts';
import { confirmWithin } from '../confirm-within.ts';
import { editCopy } from '../edit-copy.ts';
import type { ExitStatus } from '../exit-status.ts';
import { fileToEdit, type FileToEdit } from '../file-to-edit.ts';
import { showDiff } from '../show-diff.ts';
import type { Speaker } from '../speak.ts';

const schema = z.object({
  reason: z.string().optional(),
  expect: z.array(z.string()),
  confirmWithin: z.string().optional(),
});

export function edit(): Command {
  return new Command('edit')
    .description('edit a file of a tracked folder on a copy; it is checked, shown, and applied as a change')
    .argument('<file>', 'the file; a new one may be made')
    .option('-m, --reason <text>', 'why; there has to be a reason')
    .option(
      '--expect <proof>',
      'what must hold afterwards, as for change apply; may be repeated',
      collect,
      [],
    )
    .option('--confirm-within <time>', 'take it back unless it is confirmed in that time')
    .action(
      act(schema, async ({ speak, args: [path = ''], options }) => {
        const reason = parseReason(options.reason);
        if (!reason.ok) return reason;
        const within = confirmWithin(options.confirmWithin);
        if (!within.ok) return within;
        const file = await fileToEdit(path);
        if (!file.ok) return file;
        return await editUntilItHolds(speak, file.value, reason.value, {
          expect: options.expect,
          ...within.value,
        });
      }),
    );
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** What was typed is not lost to a check that says no: at a terminal, the editor opens with it again. */
async function editUntilItHolds(
  speak: Speaker,
  file: FileToEdit,
  reason: Reason,
  more: { readonly expect: readonly string[]; readonly confirmWithinMs?: number },
): Promise<Ok<ExitStatus> | Failed> {
  let content = file.content;
  for (;;) {
    const edited = await editCopy(file.path, content);
    if (!edited.ok) return edited;
    content = edited.value;
    if (file.exists && content.equals(file.content)) {
      speak.line('nothing to change: the file is as it was');
      speak.document({ changed: false });
      return ok(0);
    }
    const shown = await showDiff(speak, file, content);
    if (!shown.ok) return shown;
    const wish = (await ask('Apply it? [Y]es, [e]dit again, [n]o: ')) ?? 'y';
    if (/^e/i.test(wish)) continue;
    if (!/^(?:y|$)/i.test(wish)) {
      speak.line('nothing was touched');
      return ok(1);
    }
    const { folder, path } = file;
    const outcome = await carryOutRequest(speak, { folder, reason, edits: [{ path, content }], ...more });
    if (outcome.ok) return outcome;
    speak.problem(outcome.problem);
    const again = await ask('[E]dit again, or [q]uit: ');
    if (again === undefined || /^q/i.test(again)) return outcome;
  }
}
