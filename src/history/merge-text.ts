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

export interface Merged {
  readonly content: Buffer;
  /** Lines that both have changed, with markers around each side; empty where it went well. */
  readonly conflicts: readonly string[];
}

export async function mergeText(texts: ThreeTexts): Promise<Result<Merged>> {
  const scratch = await makePrivateFolder(stateFolder());
  if (!scratch.ok) return scratch;
  try {
    for (const name of ['ours', 'base', 'theirs'] as const) {
      const written = await replaceFile(`${scratch.value}/${name}`, texts[name], { mode: 0o600 });
      if (!written.ok) return written;
    }
    const labels = ['-L', 'now', '-L', 'as the change left it', '-L', 'before the change'];
    const merged = await openGit().run('merge', ['merge-file', '-p', ...labels, 'ours', 'base', 'theirs'], {
      cwd: scratch.value,
      bytes: true,
      // Its status counts the conflicts.
      answers: Array.from({ length: 127 }, (_, index) => index + 1),
    });
    if (!merged.ok) return fail('no', 'its bytes were changed since, and it is no text', {});
    const content = Buffer.from(merged.value, 'latin1');
    return ok({ content, conflicts: conflictsIn(content.toString('utf8')) });
  } finally {
    await removeAll(scratch.value);
  }
}

function conflictsIn(text: string): string[] {
  const found: string[] = [];
  let within = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('<<<<<<< now')) within = true;
    if (within) found.push(line);
    if (line.startsWith('>>>>>>> before the change')) within = false;
  }
  return found;
}
