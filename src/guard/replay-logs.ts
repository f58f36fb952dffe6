/** Replays log files through one guard or several side by side, in the order of their time. */
import type { Problem } from '../base/problem.ts';
import { eachLine } from '../exim/each-line.ts';
import { logContext, type LogContextOptions } from '../exim/log-context.ts';
import { orderLogs } from '../exim/order-logs.ts';
import { SyslogEntries } from '../exim/syslog-entries.ts';
import type { Guard } from './guard.ts';
import { Replay, type ReplayReport } from './replay.ts';

export interface ReplayOptions {
  readonly guards: readonly Guard[];
  readonly context: LogContextOptions;
  readonly progress?: (bytes: number) => void;
}

export interface ReplayedLogs {
  /** Of each guard. */
  readonly reports: readonly ReplayReport[];
  readonly lines: number;
  /** What could not be read; all the rest has been replayed. */
  readonly problems: readonly Problem[];
}

export async function replayLogs(
  paths: readonly string[],
  { guards, context: options, progress }: ReplayOptions,
): Promise<ReplayedLogs> {
  const replays = guards.map((guard) => new Replay(guard));
  let entries = new SyslogEntries(logContext(options));
  let current = '';
  const { lines, problems } = await eachLine(
    await orderLogs(paths),
    ({ text: line, path }) => {
      // Each file tells its own years.
      if (path !== current) entries = new SyslogEntries(logContext(options));
      current = path;
      const { event, text } = entries.read(line);
      for (const replay of replays) replay.see(event, text);
    },
    progress === undefined ? {} : { progress },
  );
  return { reports: replays.map((replay) => replay.report()), lines, problems };
}
