/**
 * Makes plain `git status` and `git diff` in the folder tell the truth after a record: the index
 * follows the commit, the metadata text counts as present (skip-worktree: it lives in commits only),
 * secrets count as ignored.
 *
 * The record itself needs none of it. So where somebody's git holds the index, the record stands, a mark
 * is left, and the next record brings the whole index up to date.
 */
import { ok, type Result } from '../base/result.ts';
import { exists, removeAll, writeText } from '../host/files.ts';
import type { Difference } from './difference.ts';
import type { Entry, Snapshot } from './entry.ts';
import { metadataPath } from './metadata.ts';
import type { Repository } from './repository.ts';

export interface Refresh {
  readonly snapshot: Snapshot;
  /** What the commit changed; without it the whole index is made anew. */
  readonly changed?: {
    readonly differences: readonly Difference[];
    /** git's name of the metadata text. */
    readonly metadataBlob: string;
  };
}

const act = 'bring the index up to date';
/** Above it the arguments of one process may be too long. */
const mostByArgument = 200;

export async function refreshIndex(repository: Repository, refresh: Refresh): Promise<Result<void>> {
  const excluded = await writeExcludes(repository, refresh.snapshot);
  if (!excluded.ok) return excluded;
  const stale = `${repository.gitDir}/portreeve-index-stale`;
  const { changed } = refresh;
  const few = changed !== undefined && changed.differences.length <= mostByArgument && !(await exists(stale));
  const brought = few ? await bringChanged(repository, changed) : await bringAll(repository);
  if (brought.ok) return few ? ok() : await removeAll(stale);
  return await writeText(stale, `${brought.problem.message}\n`, 0o600);
}

/** The work tree is not looked at. */
async function bringChanged(
  { git }: Repository,
  { differences: changed, metadataBlob }: NonNullable<Refresh['changed']>,
): Promise<Result<string>> {
  const present = changed.flatMap(({ path, after }) =>
    after?.blob === undefined ? [] : ['--cacheinfo', `${indexMode(after)},${after.blob},${path}`],
  );
  const gone = changed.flatMap(({ path, before, after }) =>
    before?.blob !== undefined && after?.blob === undefined ? [path] : [],
  );
  return await git.run(act, [
    'update-index',
    '--add',
    '--replace',
    ...(gone.length === 0 ? [] : ['--force-remove', ...gone]),
    ...present,
    '--cacheinfo',
    `100644,${metadataBlob},${metadataPath}`,
    '--skip-worktree',
    metadataPath,
  ]);
}

async function bringAll({ git }: Repository): Promise<Result<string>> {
  // -m keeps what the index knows of unchanged files, so that the next `git status` is quick; -i: the
  // work tree is not looked at.
  const read = await git.run(act, ['read-tree', '-m', '-i', 'HEAD']);
  return read.ok ? await git.run(act, ['update-index', '--skip-worktree', '--', metadataPath]) : read;
}

function indexMode({ kind, mode }: Entry): string {
  if (kind === 'link') return '120000';
  return (mode & 0o100) === 0 ? '100644' : '100755';
}

async function writeExcludes({ gitDir }: Repository, snapshot: Snapshot): Promise<Result<void>> {
  // A pattern is a line; a secret with a line end in its name stays visible to plain git.
  const secrets = [...snapshot].filter(
    ([path, entry]) => entry.fingerprint !== undefined && !path.includes('\n'),
  );
  const text = secrets.map(([path]) => `${excludePattern(path)}\n`).join('');
  return await writeText(`${gitDir}/info/exclude`, text, 0o600);
}

/** gitignore(5): anchored, every character that means something taken literally. */
function excludePattern(path: string): string {
  return `/${path.replace(/[\\*?[\]! #]/g, String.raw`\$&`)}`;
}
