/** The bytes of contents that the history holds, by their names in git; one git for all of them. */
import { fail, ok, type Result } from '../base/result.ts';
import type { Repository } from './repository.ts';

export async function readBlobs(
  { git }: Repository,
  names: Iterable<string>,
): Promise<Result<ReadonlyMap<string, Buffer>>> {
  const blobs = new Map<string, Buffer>();
  const wanted = [...new Set(names)];
  if (wanted.length === 0) return ok(blobs);
  const act = 'read the history';
  const input = Buffer.from(wanted.map((name) => `${name}\n`).join(''));
  const read = await git.run(act, ['cat-file', '--batch'], { input, bytes: true });
  if (!read.ok) return read;
  const output = Buffer.from(read.value, 'latin1');
  let at = 0;
  for (const name of wanted) {
    // "<name> blob <size>\n<bytes>\n", or "<name> missing\n"
    const end = output.indexOf('\n', at);
    const [, kind, size] = output.subarray(at, end).toString('latin1').split(' ');
    if (kind !== 'blob') {
      return fail(
        'unavailable',
        `cannot ${act}: it must hold each content that it names: ${name} is missing`,
        {
          hint: 'look at it with: git fsck',
        },
      );
    }
    blobs.set(name, output.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return ok(blobs);
}
