/**
 * The file of a module of ours that is started by its name, not imported: as it is written (`src`), or
 * compiled where this program runs compiled itself (tools/compile.ts; decision 0104).
 */
import { checkout } from './checkout.ts';

export const ownModules = [
  'cli/main',
  'exim/stats-share',
  'guard/scan-share',
  'host/thread',
  'lab/bin/bots',
  'lab/bin/senders',
] as const;

/** Put in its place by the compiler; as it is written there is no such name. */
declare const compiledProgram: string | undefined;

/** An absolute path. `PORTREEVE_PROGRAM` names the compiled program to tests, which run as they are written. */
export function ownModule(name: (typeof ownModules)[number]): string {
  const compiled = typeof compiledProgram === 'string' ? compiledProgram : process.env['PORTREEVE_PROGRAM'];
  return compiled === undefined ? `${checkout}/src/${name}.ts` : `${compiled}/${name}.js`;
}
