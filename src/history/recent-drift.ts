/**
 * Drift that the keeper has recorded just now, before the person came to tell why: the unexplained records on
 * top of the history, of the last hour, that touch the paths. Whoever records with a reason means those too.
 */
import { ok, type Result } from '../base/result.ts';
import { isUnexplained, type LogEntry, readLog } from './read-log.ts';
import type { Repository } from './repository.ts';

const most = 50;
const recentMs = 3_600_000;

export async function recentDrift(
  repository: Repository,
  paths: readonly string[],
  now: number,
): Promise<Result<LogEntry[]>> {
  const log = await readLog(repository, most);
  if (!log.ok) return log;
  const end = log.value.findIndex((entry) => !isUnexplained(entry) || entry.at < now - recentMs);
  const top = end < 0 ? log.value : log.value.slice(0, end);
  return ok(top.filter((entry) => touches(entry, paths)));
}

function touches({ differences }: LogEntry, paths: readonly string[]): boolean {
  if (paths.length === 0) return true;
  return differences.some(({ path }) => paths.some((each) => path === each || path.startsWith(`${each}/`)));
}
