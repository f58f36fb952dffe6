/** The argv, but for its arguments, that starts this same program once more, on the same Node. */
import { nodePath } from './node-path.ts';
import { ownModule } from './own-module.ts';

export const ownProgram: readonly [string, string] = [nodePath, ownModule('cli/main')];
