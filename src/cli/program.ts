/** The command line as a tree: every command, none of its work. The man page is checked against it. */
import { Command } from 'commander';
import { agent } from './commands/agent.ts';
import { lab } from './commands/lab.ts';
import { tls } from './commands/tls.ts';
import { change } from './commands/change.ts';
import { history } from './commands/history.ts';

export function program(): Command {
  const root = new Command('portreeve')
    .description('Keeps an Exim mail server encrypted, guarded and accountable.')
    .option('--json', 'print one JSON document (a stream: one a line)')
    .version('0.1.0')
    .showHelpAfterError('(portreeve --help lists the commands)')
    .configureHelp({ showGlobalOptions: true });
  root.addCommand(lab());
  root.addCommand(agent());
  root.addCommand(tls());
  root.addCommand(history());
  root.addCommand(change());
  return root;
}
