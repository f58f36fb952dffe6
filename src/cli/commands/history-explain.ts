/** `portreeve history explain ID -m TEXT`: tell the reason of a record later. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import { currentPerson } from '../../host/person.ts';
import { diffRecord } from '../../history/diff.ts';
import { explain } from '../../history/explain.ts';
import { findPoint } from '../../history/find-point.ts';
import { readLog } from '../../history/read-log.ts';
import { act } from '../act.ts';
import { askedReason } from '../asked-reason.ts';
import { pushAfter } from '../push-after.ts';
import { tracked } from '../tracked.ts';

export function historyExplain(): Command {
  return new Command('explain')
    .description('tell the reason of a record that has none yet, such as drift')
    .argument('<id>', 'the record, as history log lists it')
    .option('-m, --reason <text>', 'why; without it your editor asks, with the diff')
    .option('--folder <dir>', 'the tracked folder (default: the one you are in, or the only one)')
    .action(
      act(
        z.object({ reason: z.string().optional(), folder: z.string().optional() }),
        async ({ speak, args: [id = ''], options }) => {
          const repository = await tracked(options.folder);
          if (!repository.ok) return repository;
          const commit = await findPoint(repository.value, id, systemClock.now());
          if (!commit.ok) return commit;
          const log = await readLog(repository.value, 2, commit.value);
          if (!log.ok) return log;
          const reason = await askedReason(
            options.reason,
            async () => await diffRecord(repository.value, log.value[0]?.differences ?? []),
          );
          if (!reason.ok) return reason;
          const person = await currentPerson();
          const told = await explain(repository.value, {
            commit: commit.value,
            reason: reason.value,
            person,
          });
          if (!told.ok) return told;
          speak.line(`explained ${commit.value.slice(0, 12)}`);
          await pushAfter(speak, repository.value);
          speak.document({ folder: repository.value.folder, commit: commit.value, reason: reason.value });
          return ok(0);
        },
      ),
    );
}
