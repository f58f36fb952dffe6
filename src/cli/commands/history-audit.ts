/** `portreeve history audit [DIR]`: secrets that the history holds in clear; status 1 when there are any. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { auditHistory } from '../../history/audit.ts';
import { act } from '../act.ts';
import { tracked } from '../tracked.ts';

export function historyAudit(): Command {
  return new Command('audit')
    .description('look for keys and passwords that the history holds in clear; status 1 when there are any')
    .argument('[dir]', 'the tracked folder (default: the one you are in, or the only one)')
    .action(
      act(z.object({}), async ({ speak, args: [dir] }) => {
        const repository = await tracked(dir);
        if (!repository.ok) return repository;
        const found = await auditHistory(repository.value);
        if (!found.ok) return found;
        for (const { path, blob, what } of found.value) speak.line(`${path}  ${blob.slice(0, 12)}  ${what}`);
        if (found.value.length === 0) speak.line('no key or password lies in the history in clear');
        else speak.note('hint: change each of them; who has read the history has them');
        speak.document({ folder: repository.value.folder, exposed: found.value });
        return ok(found.value.length === 0 ? 0 : 1);
      }),
    );
}
