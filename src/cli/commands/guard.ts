/** `portreeve guard`: who may knock at the mail server. */
import { Command } from 'commander';
import { askedCommands } from '../asked-commands.ts';

/** With the command that is asked for alone, where it is one of these. */
export async function guard(asked?: string): Promise<Command> {
  const family = new Command('guard').description('what the rules see, and who is kept out');
  const commands = await askedCommands(
    {
      scan: async () => (await import('./guard-scan.ts')).guardScan(),
      bans: async () => (await import('./guard-bans.ts')).guardBans(),
      ban: async () => (await import('./guard-ban.ts')).guardBan(),
      unban: async () => (await import('./guard-unban.ts')).guardUnban(),
      allow: async () => (await import('./guard-allow.ts')).guardAllow(),
      explain: async () => (await import('./guard-explain.ts')).guardExplain(),
      replay: async () => (await import('./guard-replay.ts')).guardReplay(),
    },
    asked,
  );
  for (const command of commands) family.addCommand(command);
  return family;
}
