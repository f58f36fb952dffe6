/** The command line as a tree: every command, none of its work. The man page is checked against it. */
import type { Command } from 'commander';
import { agent } from './commands/agent.ts';
import { change } from './commands/change.ts';
import { guard } from './commands/guard.ts';
import { history } from './commands/history.ts';
import { lab } from './commands/lab.ts';
import { log } from './commands/log.ts';
import { tls } from './commands/tls.ts';
import { rootCommand } from './root-command.ts';

export function program(): Command {
  return rootCommand([lab(), tls(), guard(), log(), history(), change(), agent()]);
}
