/** `portreeve change`: edits that hold, or undo themselves. */
import { Command } from 'commander';
import { changeAbort } from './change-abort.ts';
import { changeApply } from './change-apply.ts';
import { changeConfirm } from './change-confirm.ts';
import { changeList } from './change-list.ts';
import { changeRecover } from './change-recover.ts';
import { changeShow } from './change-show.ts';

export function change(): Command {
  return new Command('change')
    .description('edits to a configuration folder that hold, or undo themselves')
    .addCommand(changeApply())
    .addCommand(changeList())
    .addCommand(changeShow())
    .addCommand(changeConfirm())
    .addCommand(changeAbort())
    .addCommand(changeRecover());
}
