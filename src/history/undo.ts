/**
 * Undo, as edits for the change transaction: of one recorded change (later work stays), or of files,
 * folders or everything to how they were at a record. Content and metadata go together. What stands in the
 * way is shown, all of it, and then there are no edits at all.
 *
 * The content of a secret is not in the history, or sealed. Where it would have to come back that is a
 * conflict; `identity`, the recovery key, opens what is sealed, and `keepSecrets` leaves each secret's content
 * as it is now.
 */
import type { Edit } from '../base/edit.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { readAccounts } from '../host/accounts.ts';
import { readPathState } from '../host/path-state.ts';
import { chosenState } from './chosen-state.ts';
import { completes } from './conventions.ts';
import { differences } from './difference.ts';
import { editsBetween } from './edits-between.ts';
import type { Entry, Snapshot } from './entry.ts';
import { findDrift } from './drift.ts';
import { mergeText } from './merge-text.ts';
import { readBlobs } from './read-blobs.ts';
import { recordedSnapshot } from './recorded-snapshot.ts';
import type { Repository } from './repository.ts';
import { openSecrets, sealedBlobs } from './sealed-secrets.ts';
import { type Conflict, undoPlan } from './undo-plan.ts';

export interface Undo {
  /** None where there are conflicts. */
  readonly edits: readonly Edit[];
  readonly conflicts: readonly Conflict[];
}

export interface UndoOptions {
  readonly keepSecrets?: boolean;
  /** The recovery key that secrets were sealed to. */
  readonly identity?: string;
}

export async function undoChange(
  repository: Repository,
  commit: string,
  options: UndoOptions = {},
): Promise<Result<Undo>> {
  const after = await recordedSnapshot(repository, commit);
  if (!after.ok) return after;
  const before = await parentSnapshot(repository, commit);
  if (!before.ok) return before;
  const changed = differences(before.value, after.value);
  if (changed.length === 0) {
    return fail('no', `cannot undo ${commit.slice(0, 12)}: it must have changed a file: it changed none`);
  }
  const drift = await findDrift(repository);
  if (!drift.ok) return drift;
  const now = drift.value.taken.snapshot;
  const plan = undoPlan(changed, before.value, now);
  const merged = new Map<string, Buffer>();
  const conflicts = [...plan.conflicts];
  for (const { path, base, theirs } of plan.merges) {
    const result = await mergeFile(repository, path, { base, theirs });
    if (!result.ok) return result;
    if (result.value.conflict === undefined) merged.set(path, result.value.content);
    else conflicts.push(result.value.conflict);
  }
  return await toEdits(repository, { now, wanted: plan.wanted, merged, conflicts, options });
}

/** `paths` relative to the folder; `.` is everything. */
export async function undoTo(
  repository: Repository,
  commit: string,
  paths: readonly string[],
  options: UndoOptions = {},
): Promise<Result<Undo>> {
  const then = await recordedSnapshot(repository, commit);
  if (!then.ok) return then;
  const drift = await findDrift(repository);
  if (!drift.ok) return drift;
  const now = drift.value.taken.snapshot;
  for (const path of paths) {
    if (path !== '.' && !then.value.has(path) && !now.has(path)) {
      return fail(
        'no',
        `cannot undo ${path}: the history of ${repository.folder} must know it: it does not`,
        {
          hint: 'name it as history log shows it, or from where you are',
        },
      );
    }
  }
  const wanted = chosenState(now, then.value, paths);
  return await toEdits(repository, { now, wanted, merged: new Map(), conflicts: [], options });
}

interface Intent {
  readonly now: Snapshot;
  readonly wanted: Snapshot;
  readonly merged: ReadonlyMap<string, Buffer>;
  readonly conflicts: readonly Conflict[];
  readonly options: UndoOptions;
}

async function toEdits(repository: Repository, intent: Intent): Promise<Result<Undo>> {
  const { now, merged, options } = intent;
  const wanted = options.keepSecrets === true ? withSecretsOf(now, intent.wanted) : intent.wanted;
  const lost = lostSecrets(now, wanted);
  const opened =
    options.identity === undefined || lost.length === 0
      ? ok(new Map<string, Buffer>())
      : await openSecrets(
          repository,
          lost.map(({ print }) => print),
          options.identity,
        );
  if (!opened.ok) return opened;
  const sealed = await sealedBlobs(repository);
  if (!sealed.ok) return sealed;
  const conflicts = [
    ...intent.conflicts,
    ...lost.flatMap(({ path, print }) =>
      opened.value.has(print) ? [] : [{ path, why: sealed.value.has(print) ? isSealed : onlyFingerprint }],
    ),
  ];
  if (conflicts.length > 0) return ok({ edits: [], conflicts });
  const contents = await contentsOf(repository, { now, wanted, merged, opened: opened.value });
  if (!contents.ok) return contents;
  const edits = editsBetween({
    folder: repository.folder,
    now,
    wanted: withMerged(wanted, merged),
    contentOf: (path) => contents.value.get(path),
    accounts: await readAccounts(),
  });
  return edits.ok ? ok({ edits: edits.value, conflicts: [] }) : edits;
}

function withSecretsOf(now: Snapshot, wanted: Snapshot): Snapshot {
  return new Map(
    [...wanted].flatMap(([path, entry]): [string, Entry][] => {
      const current = now.get(path);
      if (entry.fingerprint === undefined || current?.fingerprint === entry.fingerprint)
        return [[path, entry]];
      return current === undefined ? [] : [[path, current]];
    }),
  );
}

const onlyFingerprint = 'its content was a secret, of which the history keeps a fingerprint only';
const isSealed = 'its content was a secret, which is sealed: the recovery key opens it';

function lostSecrets(now: Snapshot, wanted: Snapshot): { path: string; print: string }[] {
  return [...wanted].flatMap(([path, { fingerprint }]) =>
    fingerprint === undefined || now.get(path)?.fingerprint === fingerprint
      ? []
      : [{ path, print: fingerprint }],
  );
}

/** A merged content has no name in git yet: it differs from what is there now. */
function withMerged(wanted: Snapshot, merged: ReadonlyMap<string, Buffer>): Snapshot {
  return new Map(
    [...wanted].map(([path, entry]) => [path, merged.has(path) ? { ...entry, blob: 'merged' } : entry]),
  );
}

/** What each path that has to be written shall hold. */
async function contentsOf(
  repository: Repository,
  {
    now,
    wanted,
    merged,
    opened,
  }: {
    readonly now: Snapshot;
    readonly wanted: Snapshot;
    readonly merged: ReadonlyMap<string, Buffer>;
    readonly opened: ReadonlyMap<string, Buffer>;
  },
): Promise<Result<ReadonlyMap<string, Uint8Array>>> {
  const contents = new Map<string, Uint8Array>(merged);
  const fromHistory = new Map<string, string>();
  for (const { path, after } of [...differences(now, wanted), ...linked(wanted)]) {
    if (after === undefined || contents.has(path)) continue;
    const { blob, fingerprint } = after;
    const secret = fingerprint === undefined ? undefined : opened.get(fingerprint);
    if (secret !== undefined) {
      contents.set(path, secret);
      continue;
    }
    if (fingerprint === undefined && (blob === undefined || now.get(path)?.blob !== blob)) {
      if (blob !== undefined) fromHistory.set(path, blob);
      continue;
    }
    const state = await readPathState(`${repository.folder}/${path}`);
    if (!state.ok) return state;
    if (state.value !== undefined) contents.set(path, state.value.content);
  }
  const blobs = await readBlobs(repository, fromHistory.values());
  if (!blobs.ok) return blobs;
  for (const [path, blob] of fromHistory) {
    const content = blobs.value.get(blob);
    if (content !== undefined) contents.set(path, content);
  }
  return ok(contents);
}

function linked(wanted: Snapshot): { path: string; after: Entry }[] {
  return [...wanted].flatMap(([path, after]) => (after.sameAs === undefined ? [] : [{ path, after }]));
}

async function mergeFile(
  repository: Repository,
  path: string,
  { base, theirs }: { readonly base: string; readonly theirs: string },
): Promise<Result<{ readonly content: Buffer; readonly conflict?: Conflict }>> {
  const blobs = await readBlobs(repository, [base, theirs]);
  if (!blobs.ok) return blobs;
  const ours = await readPathState(`${repository.folder}/${path}`);
  if (!ours.ok) return ours;
  const [baseBytes, theirBytes] = [blobs.value.get(base), blobs.value.get(theirs)];
  const why = 'the same lines have been changed since';
  if (baseBytes === undefined || theirBytes === undefined || ours.value?.kind !== 'file') {
    return ok({ content: Buffer.alloc(0), conflict: { path, why } });
  }
  const merged = await mergeText({ ours: ours.value.content, base: baseBytes, theirs: theirBytes });
  if (!merged.ok) {
    if (merged.problem.kind !== 'no') return merged;
    return ok({ content: Buffer.alloc(0), conflict: { path, why: merged.problem.message } });
  }
  const { content, conflicts } = merged.value;
  return ok(conflicts.length === 0 ? { content } : { content, conflict: { path, why, lines: conflicts } });
}

/** Before a record; before the commit by hand where the record completes one. */
async function parentSnapshot(repository: Repository, commit: string): Promise<Result<Snapshot>> {
  const act = 'read the history';
  const found = await repository.git.run(act, ['log', '-1', '--format=%P%n%B', commit]);
  if (!found.ok) return found;
  const [parents = '', ...message] = found.value.trim().split('\n');
  const parent = parents.split(' ')[0] ?? '';
  if (parent !== '' && message.at(-1) === `${completes}${parent}`) {
    return await parentSnapshot(repository, parent);
  }
  if (parent !== '') return await recordedSnapshot(repository, parent);
  return fail(
    'no',
    `cannot undo ${commit.slice(0, 12)}: something must have been before it: it is the first record`,
  );
}
