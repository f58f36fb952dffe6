/**
 * Takes a change back: every file as it was (content, owner, mode; new ones removed), the service with
 * its old configuration in force and seen alive, and the attempt told in the history. Doing it again
 * after a crash in the middle is harmless. The journal goes last.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { parentFolder } from '../base/parent-folder.ts';
import { sweepTemporaryFiles } from '../host/replace-file.ts';
import { record } from '../history/record.ts';
import { parseReason } from '../history/reason.ts';
import { holdProof } from './hold-proof.ts';
import { dropJournal, type FoundJournal, type Journal, unmarkProved } from './journal.ts';
import { putFile } from './prepared-edit.ts';
import { recordDrift } from './record-drift.ts';
import type { Attached } from './service.ts';
import type { Transaction } from './transaction.ts';

export async function takeBack(
  transaction: Transaction,
  journal: Journal & Pick<FoundJournal, 'waiting'>,
  attached: Attached,
  why: string,
): Promise<Result<void>> {
  const outcome = await takeBackSteps(transaction, journal, attached, why);
  if (outcome.ok) return outcome;
  const { message, hint } = outcome.problem;
  return fail('unavailable', `cannot take back the change "${journal.reason}": ${message}`, {
    path: transaction.place,
    hint: `${hint === undefined ? '' : `${hint}; `}the next change tries again; the old files lie in ${transaction.place}/pending`,
  });
}

async function takeBackSteps(
  transaction: Transaction,
  journal: Journal & Pick<FoundJournal, 'waiting'>,
  attached: Attached,
  why: string,
): Promise<Result<void>> {
  const { tell, clock, repository, person } = transaction;
  if (journal.waiting !== undefined) {
    // It was in force for a while: what somebody has done since is kept in the history before it goes.
    const drift = await recordDrift(transaction, `drift before undoing: ${journal.reason}`);
    if (!drift.ok) return drift;
  }
  const unmarked = await unmarkProved(transaction.place);
  if (!unmarked.ok) return unmarked;
  for (const { path, before } of journal.edits.toReversed()) {
    const swept = await sweepTemporaryFiles(parentFolder(path));
    if (!swept.ok) return swept;
    const restored = await putFile(path, before);
    if (!restored.ok) return restored;
  }
  tell('undo', `${journal.edits.length} file(s) are as they were`);
  const reloaded = await attached.reload?.();
  if (reloaded?.ok === false) return reloaded;
  const effects = [`${journal.edits.length} file(s) are as they were`];
  if (reloaded !== undefined) {
    tell('undo', reloaded.value);
    effects.push(reloaded.value);
  }
  for (const proof of attached.proofs) {
    const held = await holdProof(proof, clock);
    if (!held.ok) return held;
    tell('undo', `${proof.claim}: ${held.value}`);
    effects.push(`${proof.claim}: ${held.value}`);
  }
  const reason = parseReason(`undone: ${journal.reason.slice(0, 4000)}: ${why.slice(0, 4000)}`);
  if (!reason.ok) return reason;
  const told = await record(repository, {
    reason: reason.value,
    person,
    at: clock.now(),
    empty: true,
    effects,
  });
  // The server is as it was; that the history could not be told is no reason to keep the journal.
  if (!told.ok) tell('undo', told.problem.message);
  const dropped = await dropJournal(transaction.place);
  return dropped.ok ? ok() : dropped;
}
