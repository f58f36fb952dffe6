/** Rotated logs in the order of their time: `mainlog.10.gz` before `mainlog.2.gz` before `mainlog`. */
import { openLog } from '../host/log-file.ts';
import { readStamp } from './log-stamp.ts';

/** By the first time that each holds; a file without one keeps its place after those before it. */
export async function orderLogs(paths: readonly string[]): Promise<string[]> {
  if (paths.length < 2) return [...paths];
  const timed = [];
  let last = '';
  for (const path of paths) {
    last = (await firstTime(path)) ?? last;
    timed.push({ path, time: last });
  }
  return timed.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)).map(({ path }) => path);
}

async function firstTime(path: string): Promise<string | undefined> {
  if (path === '-') return undefined;
  const opened = openLog(path);
  if (!opened.ok) return undefined;
  const file = opened.value;
  let start = '';
  if (file.kind === 'plain') {
    const bytes = new Uint8Array(65_536);
    start = new TextDecoder('latin1').decode(bytes.subarray(0, file.read(bytes, 0)));
    file.close();
  } else {
    start = await file.start(65_536);
  }
  for (const line of start.split('\n')) {
    const time = readStamp(line)?.stamp.time;
    if (time !== undefined) return time;
  }
  return undefined;
}
