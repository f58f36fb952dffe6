/** The reason of a change that a crash has interrupted, and that nobody has repaired yet. */
import { ok, type Result } from '../base/result.ts';
import { isHeld } from '../host/lock.ts';
import { stateFolder } from '../host/state-folder.ts';
import { journalFolder, readJournal } from './journal.ts';

export async function interruptedChange(folder: string): Promise<Result<string | undefined>> {
  // A journal under a held lock is a change at work.
  if (await isHeld(`${stateFolder()}/lock`)) return ok(undefined);
  const place = await journalFolder(folder);
  if (!place.ok) return place;
  const journal = await readJournal(place.value);
  if (!journal.ok) return journal;
  return ok(journal.value?.waiting === undefined ? journal.value?.reason : undefined);
}
