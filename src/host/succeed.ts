/** Runs a program that has to end with status 0; anything else is a problem in the program's own words. */
import { fail, type Result } from '../base/result.ts';
import { type Ran, run, type RunOptions } from './run.ts';

export async function succeed(
  act: string,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Result<Ran>> {
  const ran = await run(argv, options);
  if (!ran.ok || ran.value.status === 0) return ran;
  const words = (ran.value.stderr.trim() || ran.value.stdout.trim()).split('\n').slice(-3).join(' | ');
  return fail(
    'unavailable',
    `cannot ${act}: ${argv[0] ?? ''} ended with status ${ran.value.status}: ${words.slice(0, 500)}`,
  );
}
