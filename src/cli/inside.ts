/**
 * A path that a person names, as the history names it: relative to the tracked folder. It may be given from
 * where we are, in full, or as the history shows it; it need not exist any more.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { realPath } from '../host/real-path.ts';

export async function inside(folder: string, given: string): Promise<Result<string>> {
  const plain = given.replace(/\/+$/, '') || given;
  const at = plain.lastIndexOf('/');
  const name = plain.slice(at + 1);
  const parent = await realPath(at < 0 ? '.' : plain.slice(0, at) || '/');
  const full = parent.ok ? joined(parent.value, name) : plain;
  for (const candidate of [full, plain]) {
    if (candidate === folder) return ok('.');
    if (candidate.startsWith(`${folder}/`)) return ok(candidate.slice(folder.length + 1));
  }
  const odd = plain
    .split('/')
    .some((part) => part === '' || part === '..' || (part === '.' && plain !== '.'));
  if (!odd) return ok(plain);
  return fail('usage', `cannot use ${given}: it must lie in ${folder}: it does not`, {
    path: given,
    hint: 'name it as history log shows it',
  });
}

function joined(parent: string, name: string): string {
  if (name === '.') return parent;
  return parent === '/' ? `/${name}` : `${parent}/${name}`;
}
