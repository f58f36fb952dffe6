/** `portreeve notify …`: who is told, and whether it works. */
import { Command } from 'commander';
import { notifyTest } from './notify-test.ts';

export function notify(): Command {
  return new Command('notify')
    .description('who is told of what happens, and whether that works')
    .addCommand(notifyTest());
}
