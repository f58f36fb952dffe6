/** The files that a pattern of a configuration's `include` names, in their order; at most a thousand. */
import { glob } from 'node:fs/promises';

const most = 1000;

export async function globFiles(pattern: string): Promise<string[]> {
  if (!/[*?[]/.test(pattern)) return [pattern];
  const found: string[] = [];
  for await (const path of glob(pattern)) {
    found.push(path);
    if (found.length >= most) break;
  }
  return found.toSorted();
}
