/** `portreeve log`: Exim's log, read by its grammar. */
import { Command } from 'commander';
import { askedCommands } from '../asked-commands.ts';

/** With the command that is asked for alone, where it is one of these. */
export async function log(asked?: string): Promise<Command> {
  const family = new Command('log').description("read Exim's log by its grammar");
  const commands = await askedCommands(
    {
      parse: async () => (await import('./log-parse.ts')).logParse(),
      stats: async () => (await import('./log-stats.ts')).logStats(),
    },
    asked,
  );
  for (const command of commands) family.addCommand(command);
  return family;
}
