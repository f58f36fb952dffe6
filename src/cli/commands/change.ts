/** `portreeve change`: edits that hold, or undo themselves. */
import { Command } from 'commander';
import { changeApply } from './change-apply.ts';

export function change(): Command {
  return new Command('change')
    .description('edits to a configuration folder that hold, or undo themselves')
    .addCommand(changeApply());
}
