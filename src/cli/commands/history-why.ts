/** `portreeve history why FILE[:LINE]`: the reasons behind a file or a line, oldest first. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { findDrift } from '../../history/drift.ts';
import { whyFile, whyLine } from '../../history/why.ts';
import { act } from '../act.ts';
import { inside } from '../inside.ts';
import { recordDocument, tellRecord } from '../tell-record.ts';
import { tracked } from '../tracked.ts';

export function historyWhy(): Command {
  return new Command('why')
    .description('show the records behind a file or one line of it, oldest first, through renames')
    .argument('<file[:line]>', 'a file of a tracked folder, and a line of it')
    .option('--folder <dir>', 'the tracked folder (default: the one you are in, or the only one)')
    .action(
      act(z.object({ folder: z.string().optional() }), async ({ speak, args: [given = ''], options }) => {
        const [, file = given, line] = /^(.*):([1-9]\d{0,7})$/.exec(given) ?? [];
        const repository = await tracked(options.folder);
        if (!repository.ok) return repository;
        const path = await inside(repository.value.folder, file);
        if (!path.ok) return path;
        const records =
          line === undefined
            ? await whyFile(repository.value, path.value)
            : await whyLine(repository.value, path.value, Number(line));
        if (!records.ok) return records;
        const drift = await findDrift(repository.value);
        if (!drift.ok) return drift;
        if (drift.value.differences.some((each) => each.path === path.value)) {
          speak.note(`${path.value} has changed since its last record; lines are counted as recorded`);
        }
        for (const entry of records.value) tellRecord(speak, entry, 1);
        speak.document(records.value.map(recordDocument));
        return ok(0);
      }),
    );
}
