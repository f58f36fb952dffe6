/** Tells, after it has been counted, that a file was no log of Exim's. */
import type { Problem } from '../base/problem.ts';
import type { PlainLog } from '../host/log-file.ts';
import { looksLike } from './looks-like.ts';
import { notExim } from './unread.ts';

export function foreignLog(
  file: PlainLog,
  events: readonly ReadonlyMap<string, number>[],
): Problem | undefined {
  const isExims = events.some((kinds) =>
    [...kinds.keys()].some((kind) => kind !== 'other' && kind !== 'continuation'),
  );
  if (isExims) return undefined;
  const start = new Uint8Array(400);
  const [line = ''] = new TextDecoder('latin1').decode(start.subarray(0, file.read(start, 0))).split('\n');
  const foreign = line === '' ? undefined : looksLike(line);
  return foreign === undefined ? undefined : notExim(file.path, foreign);
}
