/**
 * Files that somebody has looked at and found to hold no secret, though their text looks like it: they are
 * recorded in clear. A line a path, as JSON, beside the history.
 */
import { ok, type Result } from '../base/result.ts';
import { readText, writeText } from '../host/files.ts';

export async function readClearPaths(gitDir: string): Promise<ReadonlySet<string>> {
  const text = await readText(placeOf(gitDir));
  // One that cannot be read clears nothing.
  if (!text.ok) return new Set();
  return new Set(text.value.split('\n').flatMap((line) => (line === '' ? [] : [String(JSON.parse(line))])));
}

export async function addClearPaths(gitDir: string, paths: readonly string[]): Promise<Result<void>> {
  if (paths.length === 0) return ok();
  const all = new Set([...(await readClearPaths(gitDir)), ...paths]);
  const text = [...all].map((path) => `${JSON.stringify(path)}\n`).join('');
  return await writeText(placeOf(gitDir), text, 0o600);
}

function placeOf(gitDir: string): string {
  return `${gitDir}/portreeve-clear`;
}
