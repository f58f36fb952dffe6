/** `portreeve change list`: the changes that are not settled. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { timeOfDay } from '../../change/time-of-day.ts';
import { act } from '../act.ts';
import { knownChanges } from '../known-changes.ts';

export function changeList(): Command {
  return new Command('list')
    .description(
      'show the changes that wait to be confirmed, or were interrupted; status 1 when there are any',
    )
    .action(
      act(z.object({}), async ({ speak }) => {
        const known = await knownChanges();
        if (!known.ok) return known;
        const { changes } = known.value;
        if (changes.length === 0) speak.line('no change waits; all are settled');
        for (const { id, state, until, folder, reason } of changes) {
          const shown = until === undefined ? state : `${state} until ${timeOfDay(until)}`;
          speak.line(`${speak.style.bold(id)}  ${shown}  ${folder}  ${reason.split('\n')[0] ?? ''}`);
        }
        speak.document(changes);
        return ok(changes.length === 0 ? 0 : 1);
      }),
    );
}
