import { Command } from 'commander';
export function logStats(): Command {
  return new Command('stats');
}
