/** A whole text file that must be UTF-8: one that is not is a problem, and names the line. */
import { readFileSync, statSync } from 'node:fs';
import { fail, ok, type Result } from '../base/result.ts';
import { attempt } from './machine-problem.ts';

/** Refused above `cap` bytes (4 MiB). */
export async function readUtf8(path: string, cap: number = 4 * 1024 * 1024): Promise<Result<string>> {
  // Without the thread that Node would start for it: what is configured is small.
  const bytes = await attempt('read', path, () => {
    const { size } = statSync(path);
    if (size > cap)
      throw Object.assign(new Error(`needs at most ${cap} bytes: has ${size}`), { code: 'EFBIG' });
    return readFileSync(path);
  });
  if (!bytes.ok) return bytes;
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes.value));
  } catch {
    const at = new TextDecoder().decode(bytes.value).indexOf('\ufffd');
    const line = new TextDecoder().decode(bytes.value).slice(0, at).split('\n').length;
    return fail('configuration', `cannot read ${path}, line ${line}: needs UTF-8: other bytes stand there`, {
      path,
      hint: 'convert it: iconv -f ISO-8859-1 -t UTF-8',
    });
  }
}
