/** Sees to it that somebody watches deadlines: the keeper, or where none runs a process of its own. */
import { checkout } from '../host/checkout.ts';
import { nodePath } from '../host/node-path.ts';
import { runDetached } from '../host/run-detached.ts';
import { keeperRuns } from '../keeper/keeper-lock.ts';

export async function watchDeadlines(): Promise<void> {
  if (await keeperRuns()) return;
  runDetached([nodePath, `${checkout}/src/cli/main.ts`, 'change', 'recover', '--until-settled']);
}
