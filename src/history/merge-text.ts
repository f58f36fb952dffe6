/** A three-way merge of git's: what changed between `base` and `theirs`, put into `ours`. */
import { fail, ok, type Result } from '../base/result.ts';
import { removeAll } from '../host/files.ts';
import { makePrivateFolder } from '../host/private-folder.ts';
import { replaceFile } from '../host/replace-file.ts';
import { stateFolder } from '../host/state-folder.ts';
import { openGit } from './git.ts';

export interface ThreeTexts {
  readonly ours: Uint8Array;
  readonly base: Uint8Array;
  readonly theirs: Uint8Array;
}

/** A problem of kind `no` where both changed the same lines. */
export async function mergeText(path: string, texts: ThreeTexts): Promise<Result<Buffer>> {
  const scratch = await makePrivateFolder(stateFolder());
  if (!scratch.ok) return scratch;
  try {
    for (const name of ['ours', 'base', 'theirs'] as const) {
      const written = await replaceFile(`${scratch.value}/${name}`, texts[name], { mode: 0o600 });
      if (!written.ok) return written;
    }
    const merged = await openGit().run('merge', ['merge-file', '-p', 'ours', 'base', 'theirs'], {
      cwd: scratch.value,
      bytes: true,
    });
    // Its status counts the conflicts; binary files are one as well.
    return merged.ok
      ? ok(Buffer.from(merged.value, 'latin1'))
      : fail('no', `cannot undo ${path}: its lines must not have been changed since: some have`, {
          path,
          hint: 'undo the later change first, or edit the file by hand: portreeve history diff shows both',
        });
  } finally {
    await removeAll(scratch.value);
  }
}
