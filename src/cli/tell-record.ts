/** A record of a history, as the commands that list records show it. */
import { describe } from '../history/describe.ts';
import { isUnexplained, type LogEntry } from '../history/read-log.ts';
import type { Speaker } from './speak.ts';

const most = 8;

export function tellRecord(speak: Speaker, entry: LogEntry, limit: number = most): void {
  const { commit, at, person, reason, explained, effects, differences } = entry;
  const [first = '', ...more] = reason.split('\n');
  const mark = isUnexplained(entry) ? `  ${speak.style.warn('unexplained')}` : '';
  speak.line(`${commit.slice(0, 12)}  ${localTime(at)}  ${person}  ${speak.style.bold(first)}${mark}`);
  for (const line of more) speak.line(`    ${line}`);
  for (const line of explained?.split('\n') ?? []) if (line !== '') speak.line(`    because: ${line}`);
  for (const difference of differences.slice(0, limit)) speak.line(`    ${describe(difference)}`);
  if (differences.length > limit) speak.line(`    and ${differences.length - limit} more`);
  for (const effect of effects.slice(0, limit)) speak.line(`    effect: ${effect}`);
  if (effects.length > limit) speak.line(`    effect: and ${effects.length - limit} more`);
}

export function recordDocument(entry: LogEntry): Readonly<Record<string, unknown>> {
  const { differences, at, ...rest } = entry;
  return {
    ...rest,
    time: new Date(at).toISOString(),
    unexplained: isUnexplained(entry),
    changes: differences.map(describe),
  };
}

/** In the time zone of this machine: `2026-11-23 10:12:30`. */
function localTime(at: number): string {
  const time = new Date(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
}
