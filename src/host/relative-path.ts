/** How the folder of `from` names `to`: relative(dirname(from), to). Both absolute. */
import { dirname, relative } from 'node:path';

export function relativePath(from: string, to: string): string {
  return relative(dirname(from), to);
}
