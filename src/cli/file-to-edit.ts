/** The file that somebody wants to edit, and the tracked folder that it lies in. */
import { fail, ok, type Result } from '../base/result.ts';
import { parentFolder } from '../base/parent-folder.ts';
import { realPath } from '../host/real-path.ts';
import { readWholeFile } from '../host/whole-file.ts';
import { knownChanges } from './known-changes.ts';

export interface FileToEdit {
  readonly folder: string;
  readonly path: string;
  readonly exists: boolean;
  readonly content: Buffer;
}

export async function fileToEdit(named: string): Promise<Result<FileToEdit>> {
  const absolute = named.startsWith('/') ? named : `${process.cwd()}/${named}`;
  const parent = await realPath(parentFolder(absolute));
  if (!parent.ok) return parent;
  const path = `${parent.value}/${absolute.slice(absolute.lastIndexOf('/') + 1)}`;
  const known = await knownChanges();
  if (!known.ok) return known;
  const around = known.value.folders.filter((folder) => path.startsWith(`${folder}/`));
  const folder = around.toSorted((a, b) => b.length - a.length)[0];
  if (folder === undefined) {
    return fail('missing', `cannot edit ${path}: it must lie in a tracked folder: it does not`, {
      path,
      hint: `track its folder: portreeve history init ${parent.value}`,
    });
  }
  const [first] = known.value.changes;
  if (first !== undefined) {
    // Said now rather than after an hour in the editor.
    return fail(
      'unavailable',
      `cannot edit ${path}: one change at a time: ${first.id} "${first.reason}" is not settled`,
      {
        hint: `portreeve change confirm ${first.id}, or: portreeve change abort ${first.id}`,
      },
    );
  }
  const found = await readWholeFile(path);
  if (!found.ok) return found;
  return ok({
    folder,
    path,
    exists: found.value !== undefined,
    content: found.value?.content ?? Buffer.alloc(0),
  });
}
