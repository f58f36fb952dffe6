/**
 * The edits that take a recorded change back. What came after it stays: texts are merged, and an owner
 * or mode that was changed again keeps its later value.
 *
 * Limits: the content of a secret is not in the history, and folders, links and special files are not
 * edited; a change of those is refused, whole.
 */
import type { Edit } from '../base/edit.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { readWholeFile } from '../host/whole-file.ts';
import { type Difference, differences, sameContent } from './difference.ts';
import type { Entry, Snapshot } from './entry.ts';
import { mergeText } from './merge-text.ts';
import { readBlobs } from './read-blobs.ts';
import { recordedSnapshot } from './recorded-snapshot.ts';
import type { Repository } from './repository.ts';
import { takeSnapshot } from './take-snapshot.ts';

export async function undoEdits(repository: Repository, commit: string): Promise<Result<Edit[]>> {
  const after = await recordedSnapshot(repository, commit);
  if (!after.ok) return after;
  const before = await parentSnapshot(repository, commit);
  if (!before.ok) return before;
  const now = await takeSnapshot(repository);
  if (!now.ok) return now;
  const changed = differences(before.value, after.value);
  if (changed.length === 0) {
    return fail('no', `cannot undo ${commit.slice(0, 12)}: it must have changed a file: it changed none`);
  }
  const names = changed.flatMap((difference) => [difference.before?.blob, difference.after?.blob]);
  const blobs = await readBlobs(
    repository,
    names.filter((name) => name !== undefined),
  );
  if (!blobs.ok) return blobs;
  const edits: Edit[] = [];
  for (const difference of changed) {
    const edit = await undoOne(repository.folder, difference, now.value.snapshot, blobs.value);
    if (!edit.ok) return edit;
    if (edit.value !== undefined) edits.push(edit.value);
  }
  return ok(edits);
}

async function parentSnapshot(repository: Repository, commit: string): Promise<Result<Snapshot>> {
  const args = ['rev-list', '--parents', '--max-count=1', commit];
  const found = await repository.git.run('read the history', args);
  if (!found.ok) return found;
  const parent = found.value.trim().split(' ')[1];
  if (parent !== undefined) return await recordedSnapshot(repository, parent);
  return fail(
    'no',
    `cannot undo ${commit.slice(0, 12)}: something must have been before it: it is the first record`,
  );
}

async function undoOne(
  folder: string,
  { path, before, after }: Difference,
  snapshot: Snapshot,
  blobs: ReadonlyMap<string, Buffer>,
): Promise<Result<Edit | undefined>> {
  const full = `${folder}/${path}`;
  const current = snapshot.get(path);
  const refuse = (requirement: string, value: string, hint: string): Result<never> =>
    fail('no', `cannot undo ${path}: ${requirement}: ${value}`, { path: full, hint });
  const odd = [before, after].find((entry) => entry !== undefined && entry.kind !== 'file');
  if (odd !== undefined) {
    return refuse(
      'it must be a file before and after',
      `it is a ${odd.kind}`,
      'change it back by hand, then record it',
    );
  }
  if (before === undefined) {
    // It was new: remove it, unless somebody has worked on it since.
    if (current === undefined) return ok(undefined);
    return after !== undefined && sameContent(after, current)
      ? ok({ path: full, content: null })
      : refuse('it must be as that change made it', 'it was changed since', 'undo the later change first');
  }
  const content = await contentBefore(full, { before, after, current }, blobs);
  if (!content.ok) return content;
  if (content.value === undefined) {
    return refuse(
      'its content must be in the history',
      'it is a secret, of which only a fingerprint is kept',
      'install the key or password anew: portreeve change apply',
    );
  }
  const keep = <K extends 'owner' | 'group' | 'mode'>(aspect: K): Entry[K] =>
    current === undefined || after === undefined || current[aspect] === after[aspect]
      ? before[aspect]
      : current[aspect];
  return ok({
    path: full,
    content: content.value,
    owner: keep('owner'),
    group: keep('group'),
    mode: keep('mode'),
  });
}

interface Three {
  readonly before: Entry;
  readonly after: Entry | undefined;
  readonly current: Entry | undefined;
}

/** Undefined where the history does not have it. */
async function contentBefore(
  full: string,
  { before, after, current }: Three,
  blobs: ReadonlyMap<string, Buffer>,
): Promise<Result<Uint8Array | undefined>> {
  const old = blobs.get(before.blob ?? '');
  const contentChanged = after === undefined || !sameContent(before, after);
  if (!contentChanged || (after !== undefined && current !== undefined && !sameContent(current, after))) {
    const file = await readWholeFile(full);
    if (!file.ok) return file;
    if (!contentChanged || file.value === undefined) return ok(file.value?.content);
    const base = blobs.get(after.blob ?? '');
    if (old === undefined || base === undefined || current?.blob === undefined) return ok(undefined);
    return await mergeText(full, { ours: file.value.content, base, theirs: old });
  }
  return ok(old);
}
