/** The files that a pattern names, as a shell would find them: `/var/log/exim*`. */
import { globSync, statSync } from 'node:fs';

export function findFiles(pattern: string): string[] {
  if (!/[*?[]/.test(pattern)) return [pattern];
  return globSync(pattern)
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .toSorted();
}
