/**
 * Records the folder as it is now, or some paths of it, with a reason and the person.
 *
 * The commit holds exactly the bytes that were read (no filter, no line-end conversion, no index in
 * between), the metadata text, and no secret. Where nothing differs nothing is recorded, unless `empty`
 * asks for a commit that only tells something.
 *
 * A lock that a killed git has left is cleared away, one that is held is waited for a moment; then it is a
 * problem with the way out, and nothing is lost: the next record takes it all in.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { type Person, personNamed } from '../host/person.ts';
import { sha1 } from '../host/sha1.ts';
import { sweepImports } from '../host/sweep-imports.ts';
import { lockFileGone } from '../host/stale-lock.ts';
import { completeByHand, rememberOurs } from './by-hand.ts';
import { type Difference, differences } from './difference.ts';
import { type Drift, findDrift } from './drift.ts';
import { withEffects } from './effects.ts';
import type { Entry, Snapshot } from './entry.ts';
import { currentBranch } from './head-commit.ts';
import { type Import, importStream } from './import-stream.ts';
import { formatMetadata, metadataPath } from './metadata.ts';
import type { Reason } from './reason.ts';
import { rememberRecorded } from './recorded-snapshot.ts';
import { refreshIndex } from './refresh-index.ts';
import type { Repository } from './repository.ts';
import { chosenState } from './chosen-state.ts';
import { sealSecrets } from './sealed-secrets.ts';
import { keepSnapshot } from './snapshot-memo.ts';

export interface RecordRequest {
  /** Or how to tell it, from what is found. */
  readonly reason: Reason | ((found: readonly Difference[]) => Promise<Result<Reason>>);
  readonly person: Person;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly empty?: boolean;
  /** What it brought about, as seen; a line each. */
  readonly effects?: readonly string[];
  /** Files and folders, relative to the folder, that are recorded; all without it. */
  readonly paths?: readonly string[];
}

export interface Recorded {
  /** The commit that holds the state; absent only where nothing was ever recorded. */
  readonly commit: string;
  /** What was recorded now; empty where there was nothing new. */
  readonly differences: readonly Difference[];
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

export async function record(repository: Repository, request: RecordRequest): Promise<Result<Recorded>> {
  const branch = await currentBranch(repository);
  if (!branch.ok) return branch;
  const free = await locksFree(repository, branch.value);
  if (!free.ok) return free;
  const completed = await completeByHand(repository);
  if (!completed.ok) return completed;
  const drift = await findDrift(repository);
  if (!drift.ok) return drift;
  const { head, taken, before } = drift.value;
  const snapshot =
    request.paths === undefined ? taken.snapshot : chosenState(before, taken.snapshot, request.paths);
  const found = request.paths === undefined ? drift.value.differences : differences(before, snapshot);
  if (found.length === 0 && head !== undefined && request.empty !== true) {
    return ok({ commit: head, differences: [], leftOut: taken.leftOut });
  }
  const reason = typeof request.reason === 'string' ? ok(request.reason) : await request.reason(found);
  if (!reason.ok) return reason;
  // First: a record names the secrets that can be brought back.
  const sealed = await sealSecrets(repository, snapshot, request.at);
  if (!sealed.ok) return sealed;
  const commit = await writeCommit(repository, {
    branch: branch.value,
    request: { ...request, reason: reason.value },
    drift: drift.value,
    snapshot,
    found,
  });
  if (!commit.ok) return commit;
  return ok({ commit: commit.value, differences: found, leftOut: taken.leftOut });
}

async function locksFree({ gitDir }: Repository, branch: string): Promise<Result<void>> {
  for (const lock of [`${gitDir}/index.lock`, `${gitDir}/${branch}.lock`]) {
    if (!(await lockFileGone(lock, 1000))) {
      return fail('unavailable', `cannot record the folder: git's lock must be free: there is ${lock}`, {
        path: lock,
        hint: `if no git is at work (ps -C git), a killed one has left it: rm ${lock}`,
      });
    }
  }
  return ok();
}

interface Commit {
  readonly branch: string;
  readonly request: RecordRequest & { readonly reason: Reason };
  readonly drift: Drift;
  readonly snapshot: Snapshot;
  readonly found: readonly Difference[];
}

async function writeCommit(repository: Repository, commit: Commit): Promise<Result<string>> {
  const { branch, request, drift, snapshot, found } = commit;
  const metadata = Buffer.from(formatMetadata(snapshot));
  const stream = importStream({
    branch,
    ...(drift.head === undefined ? {} : { parent: drift.head }),
    author: request.person,
    committer: personNamed('portreeve'),
    at: request.at,
    message: `${withEffects(request.reason, request.effects ?? [])}\n`,
    removed: found.filter(leavesTree).map(({ path }) => path),
    written: [
      ...written(found, drift.taken.contents),
      { path: metadataPath, entry: metadataEntry, content: metadata },
    ],
  });
  const imported = await repository.git.run(
    'record the folder',
    ['fast-import', '--quiet', '--date-format=raw', '--done'],
    { input: stream },
  );
  if (!imported.ok) {
    // Half a pack may be all that the disk is full of.
    await sweepImports(repository.gitDir);
    return imported;
  }
  const name = imported.value.trim();
  rememberRecorded(repository, name, snapshot);
  const remembered = await rememberOurs(repository, name);
  if (!remembered.ok) return remembered;
  await keepSnapshot(repository.gitDir);
  const metadataBlob = sha1(`blob ${metadata.length}\0`, metadata);
  const index = await refreshIndex(repository, {
    snapshot,
    ...(drift.head === undefined ? {} : { changed: { differences: found, metadataBlob } }),
  });
  return index.ok ? ok(name) : index;
}

const metadataEntry: Entry = { kind: 'file', owner: 'root', group: 'root', mode: 0o644 };

/** It had content in the tree, and has none now, or of another kind. */
function leavesTree({ before, after }: Difference): boolean {
  return before?.blob !== undefined && (after?.blob === undefined || before.kind !== after.kind);
}

function written(found: readonly Difference[], contents: ReadonlyMap<string, Buffer>): Import['written'] {
  return found.flatMap(({ path, after }) => {
    const content = contents.get(path);
    if (after?.blob === undefined) return [];
    return [{ path, entry: after, ...(content === undefined ? {} : { content }) }];
  });
}
