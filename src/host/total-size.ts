/** The bytes of several files together; what is no plain file counts as 0. */
import { statSync } from 'node:fs';

export function totalSize(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}
