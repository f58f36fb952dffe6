/** `portreeve fail2ban`: its filters and jails, as they are. */
import { Command } from 'commander';
import { askedCommands } from '../asked-commands.ts';

/** With the command that is asked for alone, where it is one of these. */
export async function fail2ban(asked?: string): Promise<Command> {
  const family = new Command('fail2ban').description("run fail2ban's filters and jails as they are");
  const commands = await askedCommands(
    {
      check: async () => (await import('./fail2ban-check.ts')).fail2banCheck(),
      import: async () => (await import('./fail2ban-import.ts')).fail2banImport(),
    },
    asked,
  );
  for (const command of commands) family.addCommand(command);
  return family;
}
