/**
 * The records behind a file, or behind one line of it, oldest first, through renames. A change of owner or
 * mode alone is one as well. Of a line git tells which commits have shaped it; we tell why they were made.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { type LogEntry, readLog } from './read-log.ts';
import type { Repository } from './repository.ts';

const everything = 1_000_000;
const act = 'look for the reasons';

export async function whyFile(repository: Repository, path: string): Promise<Result<LogEntry[]>> {
  const log = await readLog(repository, everything);
  if (!log.ok) return log;
  const found: LogEntry[] = [];
  let name = path;
  for (const entry of log.value) {
    const difference = entry.differences.find((each) => each.path === name);
    if (difference === undefined) continue;
    found.push({ ...entry, differences: [difference] });
    if (difference.before !== undefined) continue;
    const earlier = await earlierName(repository, entry.commit, name);
    if (!earlier.ok) return earlier;
    if (earlier.value === undefined) break;
    name = earlier.value;
  }
  if (found.length > 0) return ok(found.toReversed());
  return fail('no', `cannot tell why: the history of ${repository.folder} must know the path: ${path}`, {
    hint: 'name it as history log shows it',
  });
}

export async function whyLine(
  repository: Repository,
  path: string,
  line: number,
): Promise<Result<LogEntry[]>> {
  const args = ['log', '--no-patch', '--format=%H', `-L${line},${line}:${path}`, 'HEAD'];
  const found = await repository.git.run(act, args, { answers: [128] });
  if (!found.ok) return found;
  const commits = new Set(found.value.split('\n').filter((each) => each !== ''));
  if (commits.size === 0) {
    return fail('no', `cannot tell why: line ${line} of ${path} must be recorded: it is not`, {
      hint: 'lines are counted in the last record; portreeve history diff shows what came since',
    });
  }
  const log = await readLog(repository, everything);
  if (!log.ok) return log;
  const completing = new Set(await completions(repository, commits));
  return ok(log.value.filter(({ commit }) => commits.has(commit) || completing.has(commit)).toReversed());
}

/** Records by hand go by the name of the commit that completes them. */
async function completions({ git }: Repository, commits: ReadonlySet<string>): Promise<string[]> {
  const read = await git.run(act, ['log', '--format=%H %P', '--grep=^Completes: ', 'HEAD', '--']);
  if (!read.ok) return [];
  return read.value
    .split('\n')
    .map((each) => each.split(' '))
    .flatMap(([commit = '', parent = '']) => (commits.has(parent) ? [commit] : []));
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
