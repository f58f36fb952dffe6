/** The program itself, with the commands that it is given: what holds for one holds for all. */
import { Command } from 'commander';
import { version } from '../base/version.ts';

export function rootCommand(commands: readonly Command[]): Command {
  const root = new Command('portreeve')
    .description('Keeps an Exim mail server encrypted, guarded and accountable.')
    .option('--json', 'print one JSON document (a stream: one a line)')
    .option('--config <file>', 'the settings file (default: /etc/portreeve/portreeve.toml)')
    .version(version);
  for (const command of commands) root.addCommand(command);
  settle(root);
  return root;
}

/** Subcommands made apart do not inherit. */
function settle(command: Command): void {
  command
    .exitOverride()
    .showHelpAfterError('(--help tells how to use it)')
    .configureHelp({ showGlobalOptions: true });
  for (const child of command.commands) settle(child);
}
