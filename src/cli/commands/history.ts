/** `portreeve history`: the record of a configuration folder. */
import { Command } from 'commander';
import { askedCommands } from '../asked-commands.ts';

/** With the command that is asked for alone, where it is one of these. */
export async function history(asked?: string): Promise<Command> {
  const family = new Command('history').description(
    'the record of a configuration folder: what changed, when, by whom and why',
  );
  const commands = await askedCommands(
    {
      init: async () => (await import('./history-init.ts')).historyInit(),
      record: async () => (await import('./history-record.ts')).historyRecord(),
      status: async () => (await import('./history-status.ts')).historyStatus(),
      log: async () => (await import('./history-log.ts')).historyLog(),
      show: async () => (await import('./history-show.ts')).historyShow(),
      diff: async () => (await import('./history-diff.ts')).historyDiff(),
      why: async () => (await import('./history-why.ts')).historyWhy(),
      explain: async () => (await import('./history-explain.ts')).historyExplain(),
      undo: async () => (await import('./history-undo.ts')).historyUndo(),
      try: async () => (await import('./history-try.ts')).historyTry(),
      keep: async () => (await import('./history-try.ts')).historyKeep(),
      drop: async () => (await import('./history-try.ts')).historyDrop(),
      push: async () => (await import('./history-push.ts')).historyPush(),
      audit: async () => (await import('./history-audit.ts')).historyAudit(),
      seal: async () => (await import('./history-seal.ts')).historySeal(),
      packages: async () => (await import('./history-packages.ts')).historyPackages(),
    },
    asked,
  );
  for (const command of commands) family.addCommand(command);
  return family;
}
