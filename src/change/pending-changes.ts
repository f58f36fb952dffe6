/** The changes of this machine that are not settled: waiting to be confirmed, at work, or interrupted. */
import { ok, type Result } from '../base/result.ts';
import { listFolder } from '../host/files.ts';
import { isHeld } from '../host/lock.ts';
import { stateFolder } from '../host/state-folder.ts';
import { folderOfName } from '../history/folder-name.ts';
import { type FoundJournal, readJournal } from './journal.ts';

export interface PendingChange {
  readonly folder: string;
  readonly journal: FoundJournal;
  /** Somebody is making it, or another change, right now: it is not interrupted. */
  readonly isAtWork: boolean;
}

export async function pendingChanges(): Promise<Result<PendingChange[]>> {
  const names = await namesOfPlaces();
  if (!names.ok) return names;
  const pending: PendingChange[] = [];
  for (const name of names.value) {
    const journal = await readJournal(`${stateFolder()}/changes/${name}`);
    if (!journal.ok) return journal;
    if (journal.value !== undefined)
      pending.push({ folder: folderOfName(name), journal: journal.value, isAtWork: false });
  }
  // Asked only where it matters: whoever looks at the lock holds it for a moment.
  if (pending.every(({ journal }) => journal.waiting !== undefined)) return ok(pending);
  const isAtWork = await isHeld(`${stateFolder()}/lock`);
  return ok(pending.map((one) => ({ ...one, isAtWork })));
}

/** The folders of whose changes anything is left, be it only the scratch of a rehearsal that was killed. */
export async function unsettledFolders(): Promise<Result<string[]>> {
  const names = await namesOfPlaces();
  if (!names.ok) return names;
  const left: string[] = [];
  for (const name of names.value) {
    const found = await listFolder(`${stateFolder()}/changes/${name}`);
    if (!found.ok || found.value.length > 0) left.push(folderOfName(name));
  }
  return ok(left);
}

async function namesOfPlaces(): Promise<Result<string[]>> {
  const names = await listFolder(`${stateFolder()}/changes`);
  if (names.ok) return ok(names.value.toSorted());
  return names.problem.kind === 'missing' ? ok([]) : names;
}
