/**
 * Loads the command that is asked for, or all of them where none of these is: then there is help to be
 * given. The whole program takes a fifth of a second and thirty megabytes, which the agent and the
 * readers of logs have better uses for.
 */
import type { Command } from 'commander';

/** Commands by their name. */
export type Loaders = Readonly<Record<string, () => Promise<Command>>>;

export async function askedCommands(loaders: Loaders, asked: string | undefined): Promise<Command[]> {
  const load = asked !== undefined && Object.hasOwn(loaders, asked) ? loaders[asked] : undefined;
  return await Promise.all(
    (load === undefined ? Object.values(loaders) : [load]).map(async (each) => await each()),
  );
}
