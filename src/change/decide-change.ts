/**
 * Confirms a waiting change, or takes it back before its time. A confirmation is recorded, too: who
 * answers for a change is part of its history. An interrupted change can only be taken back.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { thisBoot } from '../host/boot.ts';
import { parseReason } from '../history/reason.ts';
import { record } from '../history/record.ts';
import type { Step } from './change.ts';
import { dropJournal, readJournal } from './journal.ts';
import { openTransaction, type TransactionOptions } from './open-transaction.ts';
import { type PendingChange, pendingChanges } from './pending-changes.ts';
import { reattached } from './recover.ts';
import { recordDrift } from './record-drift.ts';
import { takeBack } from './take-back.ts';
import type { Transaction } from './transaction.ts';
import { isOver } from './waiting.ts';

export type Decision = 'confirm' | 'abort';

/** The change that was decided on. `id` may be left out where there is but one. */
export async function decideChange(
  decision: Decision,
  id: string | undefined,
  tell: (step: Step) => void,
  options: TransactionOptions = {},
): Promise<Result<PendingChange>> {
  const chosen = await choosePending(decision, id);
  if (!chosen.ok) return chosen;
  const { folder, journal } = chosen.value;
  const reason = parseReason(`${decision}ed: ${journal.reason.slice(0, 4000)}`);
  if (!reason.ok) return reason;
  const opened = await openTransaction({ folder, reason: reason.value, tell, options });
  if (!opened.ok) return opened;
  try {
    // Under the lock: it may have been settled since.
    const found = await readJournal(opened.value.transaction.place);
    if (!found.ok) return found;
    if (found.value?.id !== journal.id) return noSuchChange(decision, journal.id);
    const current = { ...chosen.value, journal: found.value };
    const done = await (decision === 'confirm' ? confirm : abort)(opened.value.transaction, current);
    return done.ok ? ok(current) : done;
  } finally {
    opened.value.close();
  }
}

export async function choosePending(act: string, id: string | undefined): Promise<Result<PendingChange>> {
  const pending = await pendingChanges();
  if (!pending.ok) return pending;
  const matching = pending.value.filter(({ journal }) => id === undefined || journal.id === id);
  const [only, ...others] = matching;
  if (only === undefined) return noSuchChange(act, id);
  if (others.length === 0) return ok(only);
  return fail('usage', `cannot ${act} a change: it must be named: ${matching.length} are not settled`, {
    hint: `name one of ${matching.map(({ journal }) => journal.id).join(', ')}`,
  });
}

function noSuchChange(act: string, id: string | undefined): Result<never> {
  const current = id === undefined ? 'none is' : `there is no change ${id} that is`;
  return fail('no', `cannot ${act} a change: it must be waiting: ${current}`, {
    hint: 'portreeve change list shows those that are; portreeve history log, those that were recorded',
  });
}

async function confirm(transaction: Transaction, { journal }: PendingChange): Promise<Result<void>> {
  const { repository, reason, person, clock, place, tell } = transaction;
  const act = `cannot confirm the change "${journal.reason}"`;
  if (journal.waiting === undefined || !journal.proved) {
    return fail('no', `${act}: it must have been proved: it was interrupted`, {
      hint: 'settle it: portreeve change recover',
    });
  }
  if (isOver(journal.waiting, await thisBoot())) {
    return fail('no', `${act}: it must be in time: its time is over, it is being taken back`, {
      hint: 'make the change again, and confirm it in time',
    });
  }
  const drift = await recordDrift(transaction, `drift before confirming: ${journal.reason}`);
  if (!drift.ok) return drift;
  const told = await record(repository, { reason, person, at: clock.now(), empty: true });
  if (!told.ok) return told;
  const dropped = await dropJournal(place);
  if (dropped.ok) tell('confirm', `${journal.id} "${journal.reason}" stays`);
  return dropped;
}

async function abort(transaction: Transaction, { journal }: PendingChange): Promise<Result<void>> {
  const rebooted = journal.bootId !== (await thisBoot()).id;
  const attached = await reattached(transaction, journal, rebooted);
  if (!attached.ok) return attached;
  return await takeBack(transaction, journal, attached.value, `aborted by ${transaction.person.name}`);
}
