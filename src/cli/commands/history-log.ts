/** `portreeve history log [DIR]`: the records, newest first. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { describe } from '../../history/describe.ts';
import { readLog } from '../../history/read-log.ts';
import { openRepository } from '../../history/repository.ts';
import { act } from '../act.ts';
import { chosenFolder } from '../chosen-folder.ts';

const most = 8;

export function historyLog(): Command {
  return new Command('log')
    .description('list the records: id, time, person, reason, what changed')
    .argument('[dir]', 'the tracked folder (default: the one you are in, or the only one)')
    .option('--limit <count>', 'how many at most', '20')
    .action(
      act(
        z.object({ limit: z.coerce.number('needs a number').int().min(1).max(100_000) }),
        async ({ speak, args: [dir], options }) => {
          const folder = await chosenFolder(dir);
          if (!folder.ok) return folder;
          const repository = await openRepository(folder.value);
          if (!repository.ok) return repository;
          const log = await readLog(repository.value, options.limit);
          if (!log.ok) return log;
          for (const { commit, at, person, reason, differences } of log.value) {
            const time = new Date(at).toISOString().replace('T', ' ').slice(0, 19);
            const [first = '', ...more] = reason.split('\n');
            speak.line(`${commit.slice(0, 12)}  ${time}Z  ${person}  ${speak.style.bold(first)}`);
            for (const line of more) speak.line(`    ${line}`);
            for (const difference of differences.slice(0, most)) speak.line(`    ${describe(difference)}`);
            if (differences.length > most) speak.line(`    and ${differences.length - most} more`);
          }
          speak.document(
            log.value.map(({ differences, at, ...rest }) => ({
              ...rest,
              time: new Date(at).toISOString(),
              changes: differences.map(describe),
            })),
          );
          return ok(0);
        },
      ),
    );
}
