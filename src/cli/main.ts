/** Entry point of `portreeve`. */
import { CommanderError } from 'commander';
import { program } from './program.ts';

// Whoever reads our output may have seen enough (`portreeve log parse … | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// All is said and done then; Node would go on to take its heap apart.
process.on('beforeExit', () => process.exit());

const root = await program(process.argv.slice(2));
try {
  await root.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // commander has spoken already; --help and --version are answers, all else is wrong use.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
