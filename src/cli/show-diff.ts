/** Shows what an edit would change; of a secret only that it does. */
import { ok, type Result } from '../base/result.ts';
import { isSecret } from '../history/secret.ts';
import { textDiff } from '../history/text-diff.ts';
import { isRoot } from '../host/identity.ts';
import type { FileToEdit } from './file-to-edit.ts';
import type { Speaker } from './speak.ts';

export async function showDiff(
  speak: Speaker,
  { folder, path, content, exists }: FileToEdit,
  after: Uint8Array,
): Promise<Result<void>> {
  // The comparison is laid out below the state folder, which is root's.
  if (!isRoot() || isSecret(path, content) || isSecret(path, after)) {
    speak.line(`${path}: changed; its content is not shown`);
    return ok();
  }
  const name = path.slice(folder.length + 1);
  const diff = await textDiff([{ path: name, ...(exists ? { before: content } : {}), after }]);
  if (!diff.ok) return diff;
  for (const line of diff.value.trimEnd().split('\n')) {
    const paint = line.startsWith('+')
      ? speak.style.good
      : line.startsWith('-')
        ? speak.style.bad
        : undefined;
    speak.line(paint === undefined ? line : paint(line));
  }
  return ok();
}
