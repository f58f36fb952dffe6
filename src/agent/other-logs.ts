/**
 * Logs besides Exim's, in which rules find evidence: web logs by the built-in probes, any other by patterns of
 * the settings. Followed from their end; their lines are judged by the time at which they are read.
 */
import type { Problem } from '../base/problem.ts';
import type { Settings } from '../base/settings.ts';
import type { Sighting } from '../guard/sighting.ts';
import { userRules } from '../guard/user-rules.ts';
import { webProbe } from '../guard/web-rules.ts';
import { LogFollower } from '../host/log-follower.ts';

export interface OtherLogsOptions {
  readonly settings: Settings;
  readonly signal: AbortSignal;
  readonly found: (sighting: Sighting) => void;
  readonly onProblem: (problem: Problem) => void;
}

type Judge = (line: string) => Sighting | undefined;

/** Until the signal is aborted. */
export async function followOtherLogs({
  settings,
  signal,
  found,
  onProblem,
}: OtherLogsOptions): Promise<void> {
  await Promise.all(
    [...judgesOf(settings)].map(async ([path, judges]) => {
      const follower = new LogFollower(path, {
        from: 'end',
        signal,
        onProblem,
        onLine: (line) => {
          for (const judge of judges) {
            const sighting = judge(line);
            if (sighting !== undefined) found(sighting);
          }
        },
      });
      await follower.run();
    }),
  );
}

/** By the path of their log. */
function judgesOf(settings: Settings): ReadonlyMap<string, readonly Judge[]> {
  const judges = new Map<string, Judge[]>();
  const add = (path: string, judge: Judge): void => {
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

function probeIn(line: string): Sighting | undefined {
  const probe = webProbe(line);
  return probe === undefined ? undefined : { kind: 'probe', address: probe.peer, line };
}
