/** `portreeve history`: the record of a configuration folder. */
import { Command } from 'commander';
import { historyDiff } from './history-diff.ts';
import { historyInit } from './history-init.ts';
import { historyLog } from './history-log.ts';
import { historyRecord } from './history-record.ts';
import { historyStatus } from './history-status.ts';
import { historyUndo } from './history-undo.ts';

export function history(): Command {
  return new Command('history')
    .description('the record of a configuration folder: what changed, when, by whom and why')
    .addCommand(historyInit())
    .addCommand(historyRecord())
    .addCommand(historyStatus())
    .addCommand(historyLog())
    .addCommand(historyDiff())
    .addCommand(historyUndo());
}
