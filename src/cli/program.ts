/** The command line as a tree: every command, none of its work. The man page is checked against it. */
import { Command } from 'commander';
import { agent } from './commands/agent.ts';
import { change } from './commands/change.ts';
import { history } from './commands/history.ts';
import { lab } from './commands/lab.ts';

export function program(): Command {
  const root = new Command('portreeve')
    .description('Keeps an Exim mail server encrypted, guarded and accountable.')
    .option('--json', 'print one JSON document (a stream: one a line)')
    .version('0.1.0')
    .showHelpAfterError('(portreeve --help lists the commands)')
    .configureHelp({ showGlobalOptions: true });
  root.addCommand(history());
  root.addCommand(change());
  root.addCommand(lab());
  root.addCommand(agent());
  return root;
}
