/** An error of the machine (errno) as a problem: what was tried, on which path, in words. */
import type { ProblemKind } from '../base/problem.ts';
import { type Failed, fail, ok, type Result } from '../base/result.ts';

/** Runs `work`; what the machine refuses becomes a problem, a bug still throws. */
export async function attempt<T>(act: string, path: string, work: () => Promise<T> | T): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return machineProblem(act, path, error as NodeJS.ErrnoException);
  }
}

const kinds: Readonly<Record<string, ProblemKind>> = {
  EACCES: 'permission',
  EPERM: 'permission',
  ENOENT: 'missing',
  ELOOP: 'configuration',
};

const words: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOENT: 'there is no such file or folder',
  EEXIST: 'there is one already',
  ENOSPC: 'no space is left on the device',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a symbolic link',
  EMFILE: 'too many open files',
};

export function machineProblem(act: string, path: string, error: NodeJS.ErrnoException): Failed {
  const code = error.code ?? '';
  return fail(kinds[code] ?? 'unavailable', `cannot ${act} ${path}: ${words[code] ?? error.message}`, {
    path,
    ...(code === 'ENOSPC' ? { hint: 'free some space there, then run it again' } : {}),
  });
}
