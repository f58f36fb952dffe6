/** What a change that is not settled did, as a diff from before to now; of secrets only that it did. */
import { ok, type Result } from '../base/result.ts';
import { isSecret } from '../history/secret.ts';
import { type TextPair, textDiff } from '../history/text-diff.ts';
import { readWholeFile } from '../host/whole-file.ts';
import type { PendingChange } from './pending-changes.ts';

export async function pendingDiff({ folder, journal }: PendingChange): Promise<Result<string>> {
  const pairs: TextPair[] = [];
  let hidden = '';
  for (const { path, before } of journal.edits) {
    const now = await readWholeFile(path);
    if (!now.ok) return now;
    const after = now.value?.content;
    const name = path.slice(folder.length + 1);
    if ([before?.content, after].some((content) => content !== undefined && isSecret(path, content))) {
      hidden += `${name}: changed; its content is not shown\n`;
    } else {
      pairs.push({
        path: name,
        ...(before === undefined ? {} : { before: before.content }),
        ...(after === undefined ? {} : { after }),
      });
    }
  }
  const diff = await textDiff(pairs);
  return diff.ok ? ok(hidden + diff.value) : diff;
}
