/**
 * The records behind a file, or behind one line of it, oldest first, through renames. A change of owner or
 * mode alone is one as well. Of a line git tells which commits have shaped it; we tell why they were made.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { metadataPath, shownPath } from './metadata.ts';
import { type LogEntry, readRecords } from './read-log.ts';
import type { Repository } from './repository.ts';

const act = 'look for the reasons';

export async function whyFile(repository: Repository, path: string): Promise<Result<LogEntry[]>> {
  const found: LogEntry[] = [];
  let older: string | undefined = 'HEAD';
  for (let name: string | undefined = path; name !== undefined && older !== undefined; ) {
    const commits = await touching(repository, name, older);
    if (!commits.ok) return commits;
    const entries = await readRecords(repository, commits.value);
    if (!entries.ok) return entries;
    const own = recordsOf(entries.value, name);
    found.push(...own);
    const first = own.at(-1);
    older = first === undefined ? undefined : `${first.commit}^`;
    const earlier: Result<string | undefined> =
      first === undefined ? ok(undefined) : await earlierName(repository, first.commit, name);
    if (!earlier.ok) return earlier;
    name = earlier.value;
  }
  if (found.length > 0) return ok(found.toReversed());
  return fail('no', `cannot tell why: the history of ${repository.folder} must know the path: ${path}`, {
    hint: 'name it as history log shows it',
  });
}

/** Newest first, back to the one that made it. */
function recordsOf(entries: readonly LogEntry[], name: string): LogEntry[] {
  const own: LogEntry[] = [];
  for (const entry of entries) {
    const difference = entry.differences.find((each) => each.path === name);
    if (difference === undefined) continue;
    own.push({ ...entry, differences: [difference] });
    if (difference.before === undefined) break;
  }
  return own;
}

/** Commits that changed its content, or its line in the metadata text. */
async function touching({ git }: Repository, path: string, from: string): Promise<Result<string[]>> {
  const list = ['log', '--format=%H', '--full-history'];
  const content = await git.run(act, [...list, from, '--', path]);
  if (!content.ok) return content;
  const shown = shownPath(path).replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const line = `-G^[a-z]+ +[0-7]{4} [^ ]+ [^ ]+ ${shown}( |$)`;
  const metadata = await git.run(act, [...list, '--extended-regexp', line, from, '--', metadataPath]);
  if (!metadata.ok) return metadata;
  const all = await git.run(act, ['rev-list', from, '--']);
  if (!all.ok) return all;
  const wanted = new Set([...content.value.split('\n'), ...metadata.value.split('\n')]);
  return ok(all.value.split('\n').filter((commit) => commit !== '' && wanted.has(commit)));
}

export async function whyLine(
  repository: Repository,
  path: string,
  line: number,
): Promise<Result<LogEntry[]>> {
  const args = ['log', '--no-patch', '--format=%H', `-L${line},${line}:${path}`, 'HEAD'];
  const found = await repository.git.run(act, args, { answers: [128] });
  if (!found.ok) return found;
  const commits = found.value.split('\n').filter((each) => each !== '');
  if (commits.length === 0) {
    return fail('no', `cannot tell why: line ${line} of ${path} must be recorded: it is not`, {
      hint: 'lines are counted in the last record; portreeve history diff shows what came since',
    });
  }
  const completing = await completions(repository, new Set(commits));
  const both = commits.flatMap((commit) => [completing.get(commit) ?? [], commit].flat());
  const entries = await readRecords(repository, both);
  return entries.ok ? ok(entries.value.toReversed()) : entries;
}

/** Records by hand go by the name of the commit that completes them. */
async function completions(
  { git }: Repository,
  commits: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const read = await git.run(act, ['log', '--format=%H %P', '--grep=^Completes: ', 'HEAD', '--']);
  if (!read.ok) return new Map();
  const pairs = read.value.split('\n').map((each) => each.split(' '));
  return new Map(
    pairs.flatMap(([commit = '', parent = '']) => (commits.has(parent) ? [[parent, commit]] : [])),
  );
}

async function earlierName(
  { git }: Repository,
  commit: string,
  path: string,
): Promise<Result<string | undefined>> {
  const args = ['diff-tree', '-r', '-z', '-M', '--diff-filter=R', '--name-status', '--no-commit-id', commit];
  const read = await git.run(act, args);
  if (!read.ok) return read;
  const parts = read.value.split('\0');
  for (let index = 0; index + 2 < parts.length; index += 3) {
    if (parts[index + 2] === path) return ok(parts[index + 1]);
  }
  return ok(undefined);
}
