/** `portreeve change`: edits that hold, or undo themselves. */
import { Command } from 'commander';
import { askedCommands } from '../asked-commands.ts';

/** With the command that is asked for alone, where it is one of these. */
export async function change(asked?: string): Promise<Command> {
  const family = new Command('change').description(
    'edits to a configuration folder that hold, or undo themselves',
  );
  const commands = await askedCommands(
    {
      apply: async () => (await import('./change-apply.ts')).changeApply(),
      list: async () => (await import('./change-list.ts')).changeList(),
      show: async () => (await import('./change-show.ts')).changeShow(),
      confirm: async () => (await import('./change-confirm.ts')).changeConfirm(),
      abort: async () => (await import('./change-abort.ts')).changeAbort(),
      recover: async () => (await import('./change-recover.ts')).changeRecover(),
    },
    asked,
  );
  for (const command of commands) family.addCommand(command);
  return family;
}
