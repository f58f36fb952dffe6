/**
 * Repairs a change that a crash has interrupted, before anything else is done: taken back where it was
 * not proved yet; where it was, its record is made good.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { removeAll } from '../host/files.ts';
import { record } from '../history/record.ts';
import { parseReason } from '../history/reason.ts';
import { dropJournal, readJournal } from './journal.ts';
import { takeBack } from './take-back.ts';
import type { Transaction } from './transaction.ts';

/** The reason of the change that was repaired; undefined where there was none. */
export async function recover(transaction: Transaction): Promise<Result<string | undefined>> {
  const { place, repository, service, tell } = transaction;
  // Unfinished or finished with, and it may hold keys.
  for (const name of ['rehearsal', 'pending.making', 'done']) {
    const cleared = await removeAll(`${place}/${name}`);
    if (!cleared.ok) return cleared;
  }
  const found = await readJournal(place);
  if (!found.ok) return found;
  const journal = found.value;
  if (journal === undefined) return ok(undefined);
  if (journal.proved) {
    const reason = parseReason(journal.reason);
    if (!reason.ok) return reason;
    const made = await record(repository, { reason: reason.value, person: journal.person, at: journal.at });
    if (!made.ok) return made;
    tell('record', `the change "${journal.reason}" was proved before a crash; its record is made good`);
    const dropped = await dropJournal(place);
    return dropped.ok ? ok(journal.reason) : dropped;
  }
  const attached = service.reattach(journal.service);
  if (attached === undefined) {
    return fail(
      'configuration',
      'cannot repair an interrupted change: its journal must tell of the service: it does not',
      {
        path: place,
        hint: `the files as they were lie in ${place}/pending`,
      },
    );
  }
  tell('undo', `the change "${journal.reason}" was interrupted; it is taken back first`);
  const undone = await takeBack(transaction, journal, attached, 'it was interrupted');
  return undone.ok ? ok(journal.reason) : undone;
}
