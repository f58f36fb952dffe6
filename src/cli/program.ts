/**
 * The command line as a tree: every command, none of its work. The man page is checked against it.
 *
 * A family of commands is loaded when it is asked for: the whole program takes a fifth of a second
 * and thirty megabytes, which the agent and the readers of logs have better uses for.
 */
import type { Command } from 'commander';
import { rootCommand } from './root-command.ts';

const families: Readonly<Record<string, () => Promise<Command>>> = {
  lab: async () => (await import('./commands/lab.ts')).lab(),
  tls: async () => (await import('./commands/tls.ts')).tls(),
  history: async () => (await import('./commands/history.ts')).history(),
  change: async () => (await import('./commands/change.ts')).change(),
  log: async () => (await import('./commands/log.ts')).log(),
  guard: async () => (await import('./commands/guard.ts')).guard(),
  fail2ban: async () => (await import('./commands/fail2ban.ts')).fail2ban(),
  edit: async () => (await import('./commands/edit.ts')).edit(),
  agent: async () => (await import('./commands/agent.ts')).agent(),
  keeper: async () => (await import('./commands/keeper.ts')).keeper(),
  notify: async () => (await import('./commands/notify.ts')).notify(),
  web: async () => (await import('./commands/web.ts')).web(),
  settings: async () => (await import('./commands/settings.ts')).settings(),
};

/** With the family that `words` begin with, or with all where they name none. */
export async function program(words: readonly string[] = []): Promise<Command> {
  const family = words.find((word, place) => !word.startsWith('-') && words[place - 1] !== '--config') ?? '';
  const load = Object.hasOwn(families, family) ? families[family] : undefined;
  const commands = await Promise.all(
    (load === undefined ? Object.values(families) : [load]).map(async (each) => await each()),
  );
  return rootCommand(commands);
}
