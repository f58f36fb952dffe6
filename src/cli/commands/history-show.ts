/** `portreeve history show [ID]`: one record, whole. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import { diffRecord } from '../../history/diff.ts';
import { findPoint } from '../../history/find-point.ts';
import { readLog } from '../../history/read-log.ts';
import { act } from '../act.ts';
import { recordDocument, tellRecord } from '../tell-record.ts';
import { tracked } from '../tracked.ts';

export function historyShow(): Command {
  return new Command('show')
    .description('show one record: who, when, why, and all that it changed')
    .argument('[id]', 'the record, or a time (default: the last one)')
    .option('--folder <dir>', 'the tracked folder (default: the one you are in, or the only one)')
    .action(
      act(z.object({ folder: z.string().optional() }), async ({ speak, args: [id = 'HEAD'], options }) => {
        const repository = await tracked(options.folder);
        if (!repository.ok) return repository;
        const commit = await findPoint(repository.value, id, systemClock.now());
        if (!commit.ok) return commit;
        // Two, where a commit by hand was completed by a second one.
        const log = await readLog(repository.value, 2, commit.value);
        if (!log.ok) return log;
        const [entry] = log.value;
        if (entry === undefined) return ok(1);
        const text = await diffRecord(repository.value, entry.differences);
        if (!text.ok) return text;
        tellRecord(speak, entry, Infinity);
        speak.line();
        for (const line of text.value.split('\n').slice(0, -1)) speak.line(line);
        speak.document({ ...recordDocument(entry), text: text.value });
        return ok(0);
      }),
    );
}
