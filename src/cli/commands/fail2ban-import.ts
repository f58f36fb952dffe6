/** `portreeve fail2ban import [DIR]`: shows what becomes of fail2ban's jails, has them run, and takes its bans over. */
import { Command } from 'commander';
import { act } from '../act.ts';
import { flag, optionalText, optionReader, text } from '../option-reader.ts';

const reader = optionReader({
  config: optionalText,
  database: text('/var/lib/fail2ban/fail2ban.sqlite3'),
  dryRun: flag,
});

export function fail2banImport(): Command {
  return new Command('import')
    .description("show what becomes of fail2ban's jails, and have the agent run them")
    .argument('[dir]', "fail2ban's configuration", '/etc/fail2ban')
    .option('--dry-run', 'show it, and write nothing')
    .option(
      '--database <file>',
      "fail2ban's database, for the bans in force (default: /var/lib/fail2ban/fail2ban.sqlite3)",
    )
    .action(
      act(reader, async ({ speak, args: [folder = '/etc/fail2ban'], options }) => {
        // The store and all: `fail2ban check` is loaded with this file, and has better uses for the time.
        const { importJails } = await import('../import-jails.ts');
        return await importJails(speak, folder, options);
      }),
    );
}
