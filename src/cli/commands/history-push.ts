/** `portreeve history push [--to REMOTE]`: take the history to another place. */
import { Command } from 'commander';
import { z } from 'zod';
import { fail, ok } from '../../base/result.ts';
import { pushHistory, setRemote } from '../../history/push.ts';
import { act } from '../act.ts';
import { tracked } from '../tracked.ts';

export function historyPush(): Command {
  return new Command('push')
    .description('take the history to a bare repository elsewhere; each record does from then on')
    .argument('[dir]', 'the tracked folder (default: the one you are in, or the only one)')
    .option('--to <remote>', 'where: ssh://host/path, host:path or /path; remembered')
    .action(
      act(z.object({ to: z.string().optional() }), async ({ speak, args: [dir], options }) => {
        const repository = await tracked(dir);
        if (!repository.ok) return repository;
        const set = options.to === undefined ? ok() : await setRemote(repository.value, options.to);
        if (!set.ok) return set;
        const pushed = await pushHistory(repository.value);
        if (!pushed.ok) return pushed;
        if (pushed.value === undefined) {
          return fail('usage', 'cannot push the history: a place must be named once: none was', {
            hint: 'portreeve history push --to backup@example.org:etc-exim4.git',
          });
        }
        speak.line(`pushed to ${pushed.value}`);
        speak.document({ folder: repository.value.folder, remote: pushed.value });
        return ok(0);
      }),
    );
}
