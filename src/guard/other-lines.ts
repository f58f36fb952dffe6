/** What rules find in lines of logs besides Exim's: web logs by the built-in probes, any other by patterns of the settings. */
import type { Settings } from '../base/settings.ts';
import type { LineJudge } from './line-judge.ts';
import { userRules } from './user-rules.ts';
import { probeIn } from './web-rules.ts';

/** By the path of their log, each log's own in the order of the settings. */
export function lineJudges(settings: Settings): ReadonlyMap<string, readonly LineJudge[]> {
  const judges = new Map<string, LineJudge[]>();
  const add = (path: string, judge: LineJudge): void => {
    judges.set(path, [...(judges.get(path) ?? []), judge]);
  };
  for (const path of settings.list('guard.web-logs')) add(path, probeIn);
  const rules = userRules(settings);
  for (const { log, find, kind, times } of rules.ok ? rules.value.lines : [])
    add(log, (line) => {
      const address = find(line);
      return address === undefined ? undefined : { kind, address, line, times };
    });
  return judges;
}
