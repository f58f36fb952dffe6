/**
 * Makes plain `git status` and `git diff` in the folder tell the truth after a record: the index
 * follows the commit, the metadata text counts as present (skip-worktree: it lives in commits only),
 * secrets count as ignored.
 */
import { ok, type Result } from '../base/result.ts';
import { writeText } from '../host/files.ts';
import type { Snapshot } from './entry.ts';
import { metadataPath } from './metadata.ts';
import { branch, type Repository } from './repository.ts';

export async function refreshIndex(repository: Repository, snapshot: Snapshot): Promise<Result<void>> {
  // A pattern is a line; a secret with a line end in its name stays visible to plain git.
  const secrets = [...snapshot].filter(
    ([path, entry]) => entry.fingerprint !== undefined && !path.includes('\n'),
  );
  const excluded = await writeText(
    `${repository.gitDir}/info/exclude`,
    secrets.map(([path]) => `${excludePattern(path)}\n`).join(''),
    0o600,
  );
  if (!excluded.ok) return excluded;
  const act = 'bring the index up to date';
  // -m keeps what the index knows of unchanged files, so that the next `git status` is quick; -i: the
  // work tree is not looked at.
  const read = await repository.git.run(act, ['read-tree', '-m', '-i', branch]);
  if (!read.ok) return read;
  const marked = await repository.git.run(act, ['update-index', '--skip-worktree', '--', metadataPath]);
  return marked.ok ? ok() : marked;
}

/** gitignore(5): anchored, every character that means something taken literally. */
function excludePattern(path: string): string {
  return `/${path.replace(/[\\*?[\]! #]/g, String.raw`\$&`)}`;
}
