/** `portreeve change abort [ID]`: take the change that waits back now, before its time. */
import { Command } from 'commander';
import { z } from 'zod';
import { act } from '../act.ts';
import { decide } from '../decide.ts';

export function changeAbort(): Command {
  return new Command('abort')
    .description('take the change that waits back now, before its time')
    .argument('[id]', 'the change, as change list names it (default: the only one)')
    .action(act(z.object({}), async ({ speak, args: [id] }) => await decide(speak, 'abort', id)));
}
