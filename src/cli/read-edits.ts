/** Edits as a person writes them: `PATH=SOURCE`, the file PATH of the folder gets the content of SOURCE. */
import type { Edit } from '../base/edit.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { realPath } from '../host/real-path.ts';
import { readWholeFile } from '../host/whole-file.ts';

export async function readEdits(folder: string, pairs: readonly string[]): Promise<Result<Edit[]>> {
  const edits: Edit[] = [];
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at <= 0 || at === pair.length - 1) {
      return fail('usage', `cannot read the edit: it must be PATH=SOURCE: ${pair}`, {
        hint: 'for example: exim4.conf.localmacros=/root/new-macros',
      });
    }
    const path = pair.slice(0, at);
    const source = await realPath(pair.slice(at + 1));
    if (!source.ok) return source;
    const content = await readWholeFile(source.value);
    if (!content.ok) return content;
    if (content.value === undefined)
      return fail('missing', `cannot read ${source.value}: it must exist: it is gone`);
    edits.push({ path: path.startsWith('/') ? path : `${folder}/${path}`, content: content.value.content });
  }
  return ok(edits);
}
