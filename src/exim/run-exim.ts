/**
 * Runs Exim and Debian's tools for it as an init script would: from the root folder, with nothing of the
 * caller's environment, because a daemon that is started keeps what it was given.
 */
import type { Result } from '../base/result.ts';
import { type Ran, run, type RunOptions } from '../host/run.ts';

export const eximEnvironment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

export async function runExim(
  argv: readonly string[],
  options: Pick<RunOptions, 'input' | 'timeoutMs'> = {},
): Promise<Result<Ran>> {
  return await run(argv, { cwd: '/', env: eximEnvironment, timeoutMs: 90_000, ...options });
}
