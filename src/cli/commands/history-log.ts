/** `portreeve history log [DIR]`: the records, newest first. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { readLog } from '../../history/read-log.ts';
import { act } from '../act.ts';
import { recordDocument, tellRecord } from '../tell-record.ts';
import { tracked } from '../tracked.ts';

export function historyLog(): Command {
  return new Command('log')
    .description('list the records: id, time, person, reason, what changed')
    .argument('[dir]', 'the tracked folder (default: the one you are in, or the only one)')
    .option('--limit <count>', 'how many at most', '20')
    .action(
      act(
        z.object({ limit: z.coerce.number('needs a number').int().min(1).max(100_000) }),
        async ({ speak, args: [dir], options }) => {
          const repository = await tracked(dir);
          if (!repository.ok) return repository;
          const log = await readLog(repository.value, options.limit);
          if (!log.ok) return log;
          for (const entry of log.value) tellRecord(speak, entry);
          speak.document(log.value.map(recordDocument));
          return ok(0);
        },
      ),
    );
}
