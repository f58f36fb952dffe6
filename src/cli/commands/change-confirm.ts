/** `portreeve change confirm [ID]`: keep the change that waits: it is not taken back any more. */
import { Command } from 'commander';
import { z } from 'zod';
import { act } from '../act.ts';
import { decide } from '../decide.ts';

export function changeConfirm(): Command {
  return new Command('confirm')
    .description('keep the change that waits: it is not taken back any more')
    .argument('[id]', 'the change, as change list names it (default: the only one)')
    .action(act(z.object({}), async ({ speak, args: [id] }) => await decide(speak, 'confirm', id)));
}
