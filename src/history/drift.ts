/** Drift: what differs between the last record and the folder as it is now. */
import { ok, type Result } from '../base/result.ts';
import { type Difference, differences } from './difference.ts';
import type { Snapshot } from './entry.ts';
import { headCommit } from './head-commit.ts';
import { recordedSnapshot } from './recorded-snapshot.ts';
import type { Repository } from './repository.ts';
import { type Taken, takeSnapshot } from './take-snapshot.ts';

export interface Drift {
  /** The last record; none where nothing was ever recorded. */
  readonly head?: string;
  /** The folder as that record has it. */
  readonly before: Snapshot;
  readonly taken: Taken;
  readonly differences: readonly Difference[];
}

export async function findDrift(repository: Repository): Promise<Result<Drift>> {
  const head = await headCommit(repository);
  if (!head.ok) return head;
  const before =
    head.value === undefined ? ok(new Map<string, never>()) : await recordedSnapshot(repository, head.value);
  if (!before.ok) return before;
  const taken = await takeSnapshot(repository, before.value);
  if (!taken.ok) return taken;
  return ok({
    ...(head.value === undefined ? {} : { head: head.value }),
    before: before.value,
    taken: taken.value,
    differences: differences(before.value, taken.value.snapshot),
  });
}
