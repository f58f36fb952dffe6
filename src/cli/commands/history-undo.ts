/** `portreeve history undo ID`: take a recorded change back, as a change of its own. */
import { Command } from 'commander';
import { z } from 'zod';
import { findCommit } from '../../history/find-commit.ts';
import { openRepository } from '../../history/repository.ts';
import { undoEdits } from '../../history/undo.ts';
import { readLog } from '../../history/read-log.ts';
import { act } from '../act.ts';
import { carryOut } from '../carry-out.ts';
import { chosenFolder } from '../chosen-folder.ts';

export function historyUndo(): Command {
  return new Command('undo')
    .description('take a recorded change back; rehearsed, proved and recorded like any change')
    .argument('<id>', 'the record, as history log lists it')
    .option('--reason <text>', 'why (default: which change it undoes)')
    .option('--folder <dir>', 'the tracked folder (default: the one you are in, or the only one)')
    .action(
      act(
        z.object({ reason: z.string().optional(), folder: z.string().optional() }),
        async ({ speak, args: [id = ''], options }) => {
          const folder = await chosenFolder(options.folder);
          if (!folder.ok) return folder;
          const repository = await openRepository(folder.value);
          if (!repository.ok) return repository;
          const commit = await findCommit(repository.value, id);
          if (!commit.ok) return commit;
          const edits = await undoEdits(repository.value, commit.value);
          if (!edits.ok) return edits;
          const log = await readLog(repository.value, 1, commit.value);
          if (!log.ok) return log;
          const what = log.value[0]?.reason.split('\n')[0] ?? '';
          const reason = options.reason ?? `undo ${commit.value.slice(0, 12)}: ${what.slice(0, 200)}`;
          return await carryOut(speak, { folder: folder.value, reason, edits: edits.value, proofs: [] });
        },
      ),
    );
}
