/**
 * Lets the person edit a copy: a private file of the same name, so that the editor knows its kind. The
 * editor is VISUAL, EDITOR, or Debian's choice, split at spaces; no shell reads it.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { exists } from '../host/files.ts';
import { replaceFile } from '../host/replace-file.ts';
import { realPath } from '../host/real-path.ts';
import { runInteractively } from '../host/run-interactively.ts';
import { inTemporaryFolder } from '../host/temporary-folder.ts';
import { readWholeFile } from '../host/whole-file.ts';

export async function editCopy(path: string, content: Uint8Array): Promise<Result<Buffer>> {
  const editor = await editorArgv();
  if (!editor.ok) return editor;
  return await inTemporaryFolder(async (made) => {
    const folder = await realPath(made);
    if (!folder.ok) return folder;
    const copy = `${folder.value}/${path.slice(path.lastIndexOf('/') + 1)}`;
    const look = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0, mode: 0o600 };
    const written = await replaceFile(copy, content, look);
    if (!written.ok) return written;
    const ran = await runInteractively([...editor.value, copy]);
    if (!ran.ok) return ran;
    if (ran.value !== 0) {
      return fail('no', `cannot go on: the editor must end well: it ended with status ${ran.value}`, {
        hint: 'nothing was touched',
      });
    }
    const edited = await readWholeFile(copy);
    if (!edited.ok) return edited;
    if (edited.value !== undefined) return ok(Buffer.from(edited.value.content));
    return fail('no', 'cannot go on: the editor must leave the file: it is gone', {
      hint: 'nothing was touched',
    });
  });
}

async function editorArgv(): Promise<Result<string[]>> {
  for (const name of ['VISUAL', 'EDITOR']) {
    const words = (process.env[name] ?? '').split(' ').filter((word) => word !== '');
    if (words.length > 0) return ok(words);
  }
  for (const program of ['/usr/bin/sensible-editor', '/usr/bin/editor', '/usr/bin/nano', '/usr/bin/vi']) {
    if (await exists(program)) return ok([program]);
  }
  return fail('missing', 'cannot edit the file: it needs an editor: none is set, none was found', {
    hint: 'set one: EDITOR=nano',
  });
}
