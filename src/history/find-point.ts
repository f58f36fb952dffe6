/**
 * The record that a person means by a point in time: an id, a tag, a branch; a time (the last record until
 * then); `before the upgrade of exim4`, `after the installation of clamav-daemon`, by the records of packages.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { findCommit } from './find-commit.ts';
import type { Repository } from './repository.ts';
import { parseWhen } from './when.ts';

const verbs: Readonly<Record<string, string>> = {
  upgrade: 'upgraded',
  installation: 'installed',
  install: 'installed',
  removal: 'removed',
};

export async function findPoint(repository: Repository, text: string, now: number): Promise<Result<string>> {
  const [, side, what, name] =
    /^\s*(before|after) (?:the )?(upgrade|installation|install|removal) of (\S+)\s*$/i.exec(text) ?? [];
  if (side !== undefined && name !== undefined) {
    return await packagePoint(repository, side.toLowerCase(), verbs[what?.toLowerCase() ?? ''] ?? '', name);
  }
  if (/^[\w./~^@{}-]+$/.test(text)) {
    const commit = await findCommit(repository, text);
    if (commit.ok || commit.problem.kind !== 'no') return commit;
  }
  const at = parseWhen(text, now);
  if (!at.ok) {
    const known = 'or a record: portreeve history log lists them';
    return fail('usage', at.problem.message, { hint: `${at.problem.hint ?? ''}; ${known}` });
  }
  const args = ['rev-list', '--max-count=1', `--before=${Math.floor(at.value / 1000)} +0000`, 'HEAD'];
  const found = await repository.git.run('find the record', args);
  if (!found.ok) return found;
  const commit = found.value.trim();
  if (commit !== '') return ok(commit);
  return fail('no', `cannot go to ${text}: a record must be as old: the first one is younger`, {
    hint: 'portreeve history log lists the records',
  });
}

async function packagePoint(
  repository: Repository,
  side: string,
  verb: string,
  name: string,
): Promise<Result<string>> {
  // The name, or the packages that were built with it: exim4 means exim4-base as well.
  const pattern = `^ *${verb} ${name.replace(/[^\w-]/g, String.raw`\$&`)}[ :-]`;
  const args = ['log', '--format=%H', '--max-count=1', '-E', `--grep=${pattern}`, 'HEAD', '--'];
  const found = await repository.git.run('find the record', args);
  if (!found.ok) return found;
  const commit = found.value.trim();
  if (commit === '') {
    return fail(
      'no',
      `cannot find the record: the packages' records must name it: none says ${verb} ${name}`,
      {
        hint: 'portreeve history log lists the records',
      },
    );
  }
  return await findCommit(repository, side === 'before' ? `${commit}^` : commit);
}
