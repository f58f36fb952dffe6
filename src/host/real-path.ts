/** The one path of a file or folder: absolute, without links, dots or doubled slashes. */
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Result } from '../base/result.ts';
import { attempt } from './machine-problem.ts';

export async function realPath(path: string): Promise<Result<string>> {
  return await attempt('find', path, async () => await realpath(resolve(path)));
}
