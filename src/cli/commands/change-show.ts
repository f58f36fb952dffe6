/** `portreeve change show [ID]`: one change that is not settled, with what it did to which file. */
import { Command } from 'commander';
import { z } from 'zod';
import { fail, ok } from '../../base/result.ts';
import { choosePending } from '../../change/decide-change.ts';
import { describePending } from '../../change/describe-pending.ts';
import { pendingDiff } from '../../change/pending-diff.ts';
import { timeOfDay } from '../../change/time-of-day.ts';
import { isRoot } from '../../host/identity.ts';
import { act } from '../act.ts';

export function changeShow(): Command {
  return new Command('show')
    .description(
      'show a change that waits to be confirmed or was interrupted: who, why, when, and what it changed',
    )
    .argument('[id]', 'the change, as change list names it (default: the only one)')
    .action(
      act(z.object({}), async ({ speak, args: [id] }) => {
        if (!isRoot()) {
          return fail('permission', 'cannot show a change: it needs root: what was before may be secret', {
            hint: 'run it again with sudo; portreeve change list needs none',
          });
        }
        const chosen = await choosePending('show', id);
        if (!chosen.ok) return chosen;
        const described = describePending(chosen.value);
        const diff = await pendingDiff(chosen.value);
        if (!diff.ok) return diff;
        const { state, until, person, at, reason, folder } = described;
        speak.line(
          `change   ${described.id}, ${state}${until === undefined ? '' : ` until ${timeOfDay(until)}`}`,
        );
        speak.line(`folder   ${folder}`);
        speak.line(`by       ${person}, ${timeOfDay(at)}`);
        for (const line of reason.split('\n')) speak.line(`reason   ${line}`);
        for (const line of diff.value.trimEnd().split('\n')) speak.line(line);
        speak.document({ ...described, diff: diff.value });
        return ok(0);
      }),
    );
}
