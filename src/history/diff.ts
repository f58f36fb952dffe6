/** What lies between two states of a folder: differences with metadata, and the texts. */
import { ok, type Result } from '../base/result.ts';
import { type Difference, differences } from './difference.ts';
import type { Snapshot } from './entry.ts';
import { readBlobs } from './read-blobs.ts';
import { recordedSnapshot } from './recorded-snapshot.ts';
import type { Repository } from './repository.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { textDiff } from './text-diff.ts';

export interface Diff {
  readonly differences: readonly Difference[];
  /** A unified diff of what is neither binary nor secret. */
  readonly text: string;
}

/** Without `to`: the folder as it is now. */
export async function diffStates(repository: Repository, from: string, to?: string): Promise<Result<Diff>> {
  const before = await recordedSnapshot(repository, from);
  if (!before.ok) return before;
  const after = await stateOf(repository, before.value, to);
  if (!after.ok) return after;
  const found = differences(before.value, after.value.snapshot);
  const changed = found.filter((difference) => difference.before?.blob !== difference.after?.blob);
  const names = changed.flatMap((difference) => [difference.before?.blob, difference.after?.blob]);
  const fresh = new Set([...after.value.contents].map(([path]) => after.value.snapshot.get(path)?.blob));
  const blobs = await readBlobs(
    repository,
    names.filter((name) => name !== undefined).filter((name) => !fresh.has(name)),
  );
  if (!blobs.ok) return blobs;
  const bytes = new Map(blobs.value);
  for (const [path, content] of after.value.contents) {
    const blob = after.value.snapshot.get(path)?.blob;
    if (blob !== undefined) bytes.set(blob, content);
  }
  const text = await textDiff(
    changed.map(({ path, before: old, after: now }) => {
      const oldBytes = bytes.get(old?.blob ?? '');
      const newBytes = bytes.get(now?.blob ?? '');
      return {
        path,
        ...(oldBytes === undefined ? {} : { before: oldBytes }),
        ...(newBytes === undefined ? {} : { after: newBytes }),
      };
    }),
  );
  return text.ok ? ok({ differences: found, text: text.value }) : text;
}

interface State {
  readonly snapshot: Snapshot;
  /** Contents that the history may not hold. */
  readonly contents: ReadonlyMap<string, Buffer>;
}

async function stateOf(
  repository: Repository,
  before: Snapshot,
  commit: string | undefined,
): Promise<Result<State>> {
  if (commit === undefined) return await takeSnapshot(repository, before);
  const recorded = await recordedSnapshot(repository, commit);
  return recorded.ok ? ok({ snapshot: recorded.value, contents: new Map() }) : recorded;
}
