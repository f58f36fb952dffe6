/**
 * Settles a change that is not: one that a crash has interrupted is taken back where it was not proved
 * yet, and its record is made good where it was; one that waits to be confirmed is taken back once its
 * time is over, or the machine has been restarted.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { thisBoot } from '../host/boot.ts';
import { removeAll } from '../host/files.ts';
import { record } from '../history/record.ts';
import { parseReason } from '../history/reason.ts';
import { dropJournal, type FoundJournal, markWaiting, readJournal } from './journal.ts';
import type { Attached } from './service.ts';
import { takeBack } from './take-back.ts';
import type { Transaction } from './transaction.ts';
import { isOver, startWaiting } from './waiting.ts';

/** The reason of the change that was repaired; undefined where there was none. */
export async function recover(transaction: Transaction): Promise<Result<string | undefined>> {
  const { place, tell, booting } = transaction;
  // Unfinished or finished with, and it may hold keys.
  for (const name of ['rehearsal', 'pending.making', 'done']) {
    const cleared = await removeAll(`${place}/${name}`);
    if (!cleared.ok) return cleared;
  }
  const found = await readJournal(place);
  if (!found.ok) return found;
  const journal = found.value;
  if (journal === undefined) return ok(undefined);
  const boot = await thisBoot();
  const rebooted = booting || journal.bootId !== boot.id;
  const why = whyTakenBack(journal, rebooted, journal.waiting !== undefined && isOver(journal.waiting, boot));
  if (why === undefined) {
    if (journal.waiting !== undefined) return ok(undefined);
    const made = await makeGood(transaction, journal);
    return made.ok ? ok(journal.reason) : made;
  }
  const attached = await reattached(transaction, journal, rebooted);
  if (!attached.ok) return attached;
  tell('undo', `the change "${journal.reason}" is taken back: ${why}`);
  const undone = await takeBack(transaction, journal, attached.value, why);
  return undone.ok ? ok(journal.reason) : undone;
}

/** Undefined: it stays in force. */
function whyTakenBack(journal: FoundJournal, rebooted: boolean, over: boolean): string | undefined {
  if (!journal.proved) return 'it was interrupted';
  if (journal.confirmWithinMs === undefined) return undefined;
  if (rebooted) return 'the machine was restarted before it was confirmed';
  return over ? 'nobody confirmed it in time' : undefined;
}

async function makeGood(transaction: Transaction, journal: FoundJournal): Promise<Result<void>> {
  const { place, repository, clock, tell } = transaction;
  const reason = parseReason(journal.reason);
  if (!reason.ok) return reason;
  const made = await record(repository, {
    reason: reason.value,
    person: journal.person,
    at: journal.at,
    effects: ['it was proved, then a crash came; the record was made good afterwards'],
  });
  if (!made.ok) return made;
  tell('record', `the change "${journal.reason}" was proved before a crash; its record is made good`);
  if (journal.confirmWithinMs === undefined) return await dropJournal(place);
  const waiting = startWaiting(made.value.commit, journal.confirmWithinMs, clock.now(), await thisBoot());
  return await markWaiting(place, waiting);
}

/** The service as it was before the change; after a reboot it is started by others, with the old files. */
export async function reattached(
  { service, place }: Transaction,
  journal: FoundJournal,
  rebooted: boolean,
): Promise<Result<Attached>> {
  const resting = rebooted ? await service.beforeStart() : undefined;
  const attached = resting ?? service.reattach(journal.service);
  if (attached !== undefined) return ok(attached);
  return fail(
    'configuration',
    'cannot repair an interrupted change: its journal must tell of the service: it does not',
    { path: place, hint: `the files as they were lie in ${place}/pending` },
  );
}
