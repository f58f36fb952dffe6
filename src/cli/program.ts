/** The command line as a tree: every command, none of its work. The man page is checked against it. */
import { Command } from 'commander';
import { agent } from './commands/agent.ts';
import { change } from './commands/change.ts';
import { edit } from './commands/edit.ts';
import { history } from './commands/history.ts';
import { keeper } from './commands/keeper.ts';
import { lab } from './commands/lab.ts';
import { tls } from './commands/tls.ts';

export function program(): Command {
  const root = new Command('portreeve')
    .description('Keeps an Exim mail server encrypted, guarded and accountable.')
    .option('--json', 'print one JSON document (a stream: one a line)')
    .version('0.1.0');
  for (const command of [lab(), tls(), history(), change(), edit(), agent(), keeper()])
    root.addCommand(command);
  settle(root);
  return root;
}

/** Subcommands made apart do not inherit: what holds for one holds for all. */
function settle(command: Command): void {
  command
    .exitOverride()
    .showHelpAfterError('(--help tells how to use it)')
    .configureHelp({ showGlobalOptions: true });
  for (const child of command.commands) settle(child);
}
