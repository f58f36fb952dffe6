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
  const text = await diffRecord(repository, found, after.value.contents);
  return text.ok ? ok({ differences: found, text: text.value }) : text;
}

/** The texts of differences; `fresh`: contents that the history may not hold. */
export async function diffRecord(
  repository: Repository,
  found: readonly Difference[],
  fresh: ReadonlyMap<string, Buffer> = new Map(),
): Promise<Result<string>> {
  const changed = found.filter(({ before, after }) => before?.blob !== after?.blob);
  const names = changed.flatMap(({ path, before, after }) => [
    before?.blob,
    fresh.has(path) ? undefined : after?.blob,
  ]);
  const blobs = await readBlobs(
    repository,
    names.filter((name) => name !== undefined),
  );
  if (!blobs.ok) return blobs;
  return await textDiff(
    changed.map(({ path, before, after }) => {
      const old = blobs.value.get(before?.blob ?? '');
      const now = after?.blob === undefined ? undefined : (fresh.get(path) ?? blobs.value.get(after.blob));
      return { path, ...(old && { before: old }), ...(now && { after: now }) };
    }),
  );
}

interface State {
  readonly snapshot: Snapshot;
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
