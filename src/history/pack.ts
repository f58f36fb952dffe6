/**
 * Packs a history when its records have left many loose objects, as `git gc --auto` would: the metadata text
 * of thousands of files, whole in each record, takes next to nothing once it is packed. It may take seconds,
 * so it is for whoever has time after a record, not part of one.
 */
import { ok, type Result } from '../base/result.ts';
import { listFolder } from '../host/files.ts';
import type { Repository } from './repository.ts';

/** In one of 256 folders; git's own limit is 6,700 in all. */
const mostInOne = 27;

/** Whether it had to be done. */
export async function packHistory(
  { git, gitDir }: Repository,
  most: number = mostInOne,
): Promise<Result<boolean>> {
  const names = await listFolder(`${gitDir}/objects/17`);
  if (!names.ok) return names.problem.kind === 'missing' ? ok(false) : names;
  if (names.value.length <= most) return ok(false);
  const packed = await git.run('pack the history', ['repack', '-d', '-l', '-q']);
  return packed.ok ? ok(true) : packed;
}
