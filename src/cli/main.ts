/** Entry point of `portreeve`. */
import { CommanderError } from 'commander';
import { program } from './program.ts';

const root = program();
try {
  await root.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // commander has spoken already; --help and --version are answers, all else is wrong use.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
