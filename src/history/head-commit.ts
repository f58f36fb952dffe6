/**
 * The branch that a folder is on, and its last record; nothing where there is none yet. Read from git's
 * files themselves: it is asked at each look, and a process each time would cost more than the look.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { readText } from '../host/files.ts';
import type { Repository } from './repository.ts';

export async function headCommit(repository: Repository): Promise<Result<string | undefined>> {
  const branch = await currentBranch(repository);
  return branch.ok ? await readRef(repository, branch.value) : branch;
}

/** In full: `refs/heads/main`. */
export async function currentBranch({ gitDir, folder }: Repository): Promise<Result<string>> {
  const head = await readText(`${gitDir}/HEAD`);
  if (!head.ok) return head;
  const branch = /^ref: (refs\/heads\/\S+)\n$/.exec(head.value)?.[1];
  if (branch !== undefined) return ok(branch);
  return fail(
    'configuration',
    `cannot read the history of ${folder}: it must be on a branch: it is on a single record`,
    { hint: `go back to the branch: git -C ${folder} symbolic-ref HEAD refs/heads/main` },
  );
}

export async function readRef({ gitDir }: Repository, ref: string): Promise<Result<string | undefined>> {
  const loose = await readText(`${gitDir}/${ref}`);
  if (loose.ok) return ok(loose.value.trim());
  if (loose.problem.kind !== 'missing') return loose;
  const packed = await readText(`${gitDir}/packed-refs`);
  if (!packed.ok) return packed.problem.kind === 'missing' ? ok(undefined) : packed;
  const line = packed.value.split('\n').find((each) => each.endsWith(` ${ref}`));
  return ok(line?.slice(0, 40));
}
