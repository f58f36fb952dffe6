/**
 * Entry point of `portreeve`.
 *
 * Commands that read logs are loaded alone: the whole program takes a fifth of a second to load, in
 * which they have read a hundred megabytes.
 */
import { type Command, CommanderError } from 'commander';

const alone: Readonly<Record<string, () => Promise<Command>>> = {
  log: async () => (await import('./commands/log.ts')).log(),
  guard: async () => (await import('./commands/guard.ts')).guard(),
};

const family = process.argv.slice(2).find((word) => word !== '--json') ?? '';
const load = Object.hasOwn(alone, family) ? alone[family] : undefined;
// Whoever reads our output may have seen enough (`portreeve log parse … | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const root =
  load === undefined
    ? (await import('./program.ts')).program()
    : (await import('./root-command.ts')).rootCommand([await load()]);
try {
  await root.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // commander has spoken already; --help and --version are answers, all else is wrong use.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
