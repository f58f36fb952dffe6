/** `portreeve log`: Exim's log, read by its grammar. */
import { Command } from 'commander';
import { logParse } from './log-parse.ts';
import { logStats } from './log-stats.ts';

export function log(): Command {
  return new Command('log')
    .description("read Exim's log by its grammar")
    .addCommand(logParse())
    .addCommand(logStats());
}
