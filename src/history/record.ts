/**
 * Records the folder as it is now, with a reason and the person.
 *
 * The commit holds exactly the bytes that were read (no filter, no line-end conversion, no index in
 * between), the metadata text, and no secret. Where nothing differs nothing is recorded, unless `empty`
 * asks for a commit that only tells something.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { exists } from '../host/files.ts';
import { type Person, personNamed } from '../host/person.ts';
import { type Difference } from './difference.ts';
import { findDrift } from './drift.ts';
import type { Entry } from './entry.ts';
import { importStream } from './import-stream.ts';
import { formatMetadata, metadataPath } from './metadata.ts';
import type { Reason } from './reason.ts';
import { refreshIndex } from './refresh-index.ts';
import { branch, type Repository } from './repository.ts';

export interface RecordRequest {
  readonly reason: Reason;
  readonly person: Person;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly empty?: boolean;
}

export interface Recorded {
  /** The commit that holds the state; absent only where nothing was ever recorded. */
  readonly commit: string;
  /** What was recorded now; empty where there was nothing new. */
  readonly differences: readonly Difference[];
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

export async function record(repository: Repository, request: RecordRequest): Promise<Result<Recorded>> {
  const lock = `${repository.gitDir}/index.lock`;
  if (await exists(lock)) {
    return fail('unavailable', `cannot record the folder: git's lock must be free: there is ${lock}`, {
      path: lock,
      hint: `if no git is at work (ps -C git), a killed one has left it: rm ${lock}`,
    });
  }
  const drift = await findDrift(repository);
  if (!drift.ok) return drift;
  const { head, taken, differences: found } = drift.value;
  if (found.length === 0 && head !== undefined && request.empty !== true) {
    return ok({ commit: head, differences: [], leftOut: taken.leftOut });
  }
  const stream = importStream({
    branch,
    ...(head === undefined ? {} : { parent: head }),
    author: request.person,
    committer: personNamed('portreeve'),
    at: request.at,
    message: `${request.reason}\n`,
    removed: found.filter(leavesTree).map(({ path }) => path),
    written: [...written(found, taken.contents), metadataFile(taken.snapshot)],
  });
  const imported = await repository.git.run(
    'record the folder',
    ['fast-import', '--quiet', '--date-format=raw', '--done'],
    { input: stream },
  );
  if (!imported.ok) return imported;
  const commit = await repository.git.run('read the record', ['rev-parse', '--verify', branch]);
  if (!commit.ok) return commit;
  const index = await refreshIndex(repository, taken.snapshot);
  if (!index.ok) return index;
  return ok({ commit: commit.value.trim(), differences: found, leftOut: taken.leftOut });
}

/** It had content in the tree, and has none now, or of another kind. */
function leavesTree({ before, after }: Difference): boolean {
  return before?.blob !== undefined && (after?.blob === undefined || before.kind !== after.kind);
}

function written(
  found: readonly Difference[],
  contents: ReadonlyMap<string, Buffer>,
): { path: string; entry: Entry; content: Uint8Array }[] {
  return found.flatMap(({ path, after }) => {
    const content = contents.get(path);
    return after === undefined || content === undefined ? [] : [{ path, entry: after, content }];
  });
}

function metadataFile(snapshot: ReadonlyMap<string, Entry>): {
  path: string;
  entry: Entry;
  content: Uint8Array;
} {
  const entry: Entry = { kind: 'file', owner: 'root', group: 'root', mode: 0o644 };
  return { path: metadataPath, entry, content: Buffer.from(formatMetadata(snapshot)) };
}
