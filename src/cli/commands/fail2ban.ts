/** `portreeve fail2ban`: its filters and jails, as they are. */
import { Command } from 'commander';
import { fail2banCheck } from './fail2ban-check.ts';
import { fail2banImport } from './fail2ban-import.ts';

export function fail2ban(): Command {
  return new Command('fail2ban')
    .description("run fail2ban's filters and jails as they are")
    .addCommand(fail2banCheck())
    .addCommand(fail2banImport());
}
