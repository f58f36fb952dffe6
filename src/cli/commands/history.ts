/** `portreeve history`: the record of a configuration folder. */
import { Command } from 'commander';
import { historyAudit } from './history-audit.ts';
import { historyDiff } from './history-diff.ts';
import { historyExplain } from './history-explain.ts';
import { historyInit } from './history-init.ts';
import { historyLog } from './history-log.ts';
import { historyPackages } from './history-packages.ts';
import { historyPush } from './history-push.ts';
import { historyRecord } from './history-record.ts';
import { historySeal } from './history-seal.ts';
import { historyShow } from './history-show.ts';
import { historyStatus } from './history-status.ts';
import { historyDrop, historyKeep, historyTry } from './history-try.ts';
import { historyUndo } from './history-undo.ts';
import { historyWhy } from './history-why.ts';

export function history(): Command {
  const command = new Command('history').description(
    'the record of a configuration folder: what changed, when, by whom and why',
  );
  for (const make of [
    historyInit,
    historyRecord,
    historyStatus,
    historyLog,
    historyShow,
    historyDiff,
    historyWhy,
    historyExplain,
    historyUndo,
    historyTry,
    historyKeep,
    historyDrop,
    historyPush,
    historyAudit,
    historySeal,
    historyPackages,
  ]) {
    command.addCommand(make());
  }
  return command;
}
