/** `portreeve guard`: who may knock at the mail server. */
import { Command } from 'commander';
import { guardReplay } from './guard-replay.ts';
import { guardScan } from './guard-scan.ts';

export function guard(): Command {
  return new Command('guard')
    .description('what the rules see, and who is kept out')
    .addCommand(guardScan())
    .addCommand(guardReplay());
}
