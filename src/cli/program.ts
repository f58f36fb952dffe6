/** The command line as a tree: every command, none of its work. The man page is checked against it. */
import type { Command } from 'commander';
import { askedCommands } from './asked-commands.ts';
import { rootCommand } from './root-command.ts';

/** With what `words` ask for, or with all where they ask for nothing that there is. */
export async function program(words: readonly string[] = []): Promise<Command> {
  const [family, command] = words.filter(
    (word, place) => !word.startsWith('-') && words[place - 1] !== '--config',
  );
  // An answer that needs none of them.
  if (family === undefined && words.some((word) => word === '--version' || word === '-V'))
    return rootCommand([]);
  const commands = await askedCommands(
    {
      status: async () => (await import('./commands/status.ts')).status(),
      up: async () => (await import('./commands/up.ts')).up(),
      down: async () => (await import('./commands/down.ts')).down(),
      doctor: async () => (await import('./commands/doctor.ts')).doctor(),
      top: async () => (await import('./commands/top.ts')).top(),
      lab: async () => (await import('./commands/lab.ts')).lab(),
      tls: async () => await (await import('./commands/tls.ts')).tls(command),
      history: async () => await (await import('./commands/history.ts')).history(command),
      change: async () => await (await import('./commands/change.ts')).change(command),
      log: async () => await (await import('./commands/log.ts')).log(command),
      guard: async () => await (await import('./commands/guard.ts')).guard(command),
      fail2ban: async () => await (await import('./commands/fail2ban.ts')).fail2ban(command),
      edit: async () => (await import('./commands/edit.ts')).edit(),
      agent: async () => (await import('./commands/agent.ts')).agent(),
      keeper: async () => (await import('./commands/keeper.ts')).keeper(),
      notify: async () => (await import('./commands/notify.ts')).notify(),
      web: async () => (await import('./commands/web.ts')).web(),
      settings: async () => (await import('./commands/settings.ts')).settings(),
    },
    family,
  );
  return rootCommand(commands);
}
