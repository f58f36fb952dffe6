/** `portreeve history diff [A [B]]`: what lies between two records, or a record and now. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { describe } from '../../history/describe.ts';
import { diffStates } from '../../history/diff.ts';
import { systemClock } from '../../host/clock.ts';
import { findPoint } from '../../history/find-point.ts';
import { openRepository } from '../../history/repository.ts';
import { act } from '../act.ts';
import { chosenFolder } from '../chosen-folder.ts';

export function historyDiff(): Command {
  return new Command('diff')
    .description('show what changed from record A (default: the last one) to B (default: now)')
    .argument('[a]', 'a record')
    .argument('[b]', 'a later record')
    .option('--folder <dir>', 'the tracked folder (default: the one you are in, or the only one)')
    .action(
      act(z.object({ folder: z.string().optional() }), async ({ speak, args: [a, b], options }) => {
        const folder = await chosenFolder(options.folder);
        if (!folder.ok) return folder;
        const repository = await openRepository(folder.value);
        if (!repository.ok) return repository;
        const from = await findPoint(repository.value, a ?? 'HEAD', systemClock.now());
        if (!from.ok) return from;
        const to = b === undefined ? ok(undefined) : await findPoint(repository.value, b, systemClock.now());
        if (!to.ok) return to;
        const diff = await diffStates(repository.value, from.value, to.value);
        if (!diff.ok) return diff;
        const changes = diff.value.differences.map(describe);
        for (const change of changes) speak.line(change);
        for (const line of diff.value.text.split('\n').slice(0, -1)) speak.line(line);
        speak.document({
          folder: folder.value,
          from: from.value,
          to: to.value,
          changes,
          text: diff.value.text,
        });
        return ok(0);
      }),
    );
}
