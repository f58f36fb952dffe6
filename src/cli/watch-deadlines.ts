/** Sees to it that somebody watches deadlines: the keeper, or where none runs a process of its own. */
import { runDetached } from '../host/run-detached.ts';
import { keeperRuns } from '../keeper/keeper-lock.ts';
import { ownProgram } from '../host/own-program.ts';

export async function watchDeadlines(): Promise<void> {
  if (await keeperRuns()) return;
  runDetached([...ownProgram, 'change', 'recover', '--until-settled']);
}
