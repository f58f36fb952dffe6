/** How texts differ, as a unified diff of git's; binary content is only said to differ. */
import { ok, type Result } from '../base/result.ts';
import { makeFolder, removeAll } from '../host/files.ts';
import { stateFolder } from '../host/state-folder.ts';
import { makePrivateFolder } from '../host/private-folder.ts';
import { replaceFile } from '../host/replace-file.ts';
import { openGit } from './git.ts';

export interface TextPair {
  readonly path: string;
  readonly before?: Uint8Array;
  readonly after?: Uint8Array;
}

/**
 * The pairs are laid out in a private folder and compared by `git diff --no-index`: the tracked folder,
 * with whatever .gitattributes it may hold, is not looked at.
 */
export async function textDiff(pairs: readonly TextPair[]): Promise<Result<string>> {
  const binary = pairs.filter(({ before, after }) => isBinary(before) || isBinary(after));
  const texts = pairs.filter((pair) => !binary.includes(pair));
  const scratch = await makePrivateFolder(stateFolder());
  if (!scratch.ok) return scratch;
  try {
    const laidOut = await layOut(scratch.value, texts);
    if (!laidOut.ok) return laidOut;
    const options = ['--no-index', '--no-prefix', '--no-ext-diff', '--no-textconv', '--no-renames', '--text'];
    const diff = await openGit().run('compare the files', ['diff', ...options, 'a', 'b'], {
      cwd: scratch.value,
      answers: [1],
    });
    if (!diff.ok) return diff;
    return ok(
      binary.map(({ path }) => `Binary files a/${path} and b/${path} differ\n`).join('') + diff.value,
    );
  } finally {
    await removeAll(scratch.value);
  }
}

async function layOut(scratch: string, texts: readonly TextPair[]): Promise<Result<void>> {
  for (const side of ['a', 'b'] as const) {
    const made = await makeFolder(`${scratch}/${side}`, 0o700);
    if (!made.ok) return made;
  }
  for (const { path, before, after } of texts) {
    for (const [side, content] of [
      ['a', before],
      ['b', after],
    ] as const) {
      if (content === undefined) continue;
      const full = `${scratch}/${side}/${path}`;
      const made = await makeFolder(full.slice(0, full.lastIndexOf('/')), 0o700);
      if (!made.ok) return made;
      const written = await replaceFile(full, content, { mode: 0o600 });
      if (!written.ok) return written;
    }
  }
  return ok();
}

function isBinary(content: Uint8Array | undefined): boolean {
  return content?.subarray(0, 8000).includes(0) === true;
}
