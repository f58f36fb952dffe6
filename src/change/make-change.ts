/**
 * NAME      makeChange - change a tracked folder, or leave it as it was
 *
 * rehearse (a private copy) → journal → apply (each file atomically) → reload → prove → record.
 * Whatever fails after the first edit, every file gets back its content, owner and mode, the service
 * is reloaded and seen alive, and the problem has kind `undone` with the claim that did not hold. What
 * fails before it (wrong use, a rehearsal that says no) has touched nothing. Drift that is there is
 * recorded first, as a commit of its own. A crash between any two steps is repaired by the next run.
 *
 * One change at a time on a machine, and none while another waits to be confirmed: refused, not queued.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { thisBoot } from '../host/boot.ts';
import { parseReason } from '../history/reason.ts';
import { record } from '../history/record.ts';
import type { Change, Outcome, Step } from './change.ts';
import { holdProof } from './hold-proof.ts';
import { dropJournal, type Journal, markProved, markWaiting, writeJournal } from './journal.ts';
import { nothingPending } from './nothing-pending.ts';
import { openTransaction, type TransactionOptions } from './open-transaction.ts';
import { type PreparedEdit, prepareEdits, putFile } from './prepared-edit.ts';
import { recordDrift } from './record-drift.ts';
import { recover } from './recover.ts';
import { rehearse } from './rehearse.ts';
import type { Attached } from './service.ts';
import { takeBack } from './take-back.ts';
import { timeOfDay } from './time-of-day.ts';
import type { Transaction } from './transaction.ts';
import { startWaiting } from './waiting.ts';

export async function makeChange(
  change: Change,
  tell: (step: Step) => void = () => undefined,
  options: TransactionOptions = {},
): Promise<Result<Outcome>> {
  const reason = parseReason(change.reason);
  if (!reason.ok) return reason;
  const steps: Step[] = [];
  const told = (step: Step): void => {
    steps.push(step);
    tell(step);
  };
  const opened = await openTransaction({ folder: change.folder, reason: reason.value, tell: told, options });
  if (!opened.ok) return opened;
  try {
    const made = await carryOut(opened.value.transaction, change);
    return made.ok ? ok({ ...made.value, steps }) : made;
  } finally {
    opened.value.close();
  }
}

type Made = Omit<Outcome, 'steps'>;

async function carryOut(transaction: Transaction, change: Change): Promise<Result<Made>> {
  const { repository, service, tell, reached } = transaction;
  const recovered = await recover(transaction);
  if (!recovered.ok) return recovered;
  const free = await nothingPending(`change ${repository.folder}`);
  if (!free.ok) return free;
  reached('recovered');
  const prepared = await prepareEdits(repository.folder, change.edits, service.secrets);
  if (!prepared.ok) return prepared;
  const head = await recordDrift(
    transaction,
    `drift before: ${transaction.reason}`,
    prepared.value.length > 0,
  );
  if (!head.ok) return head;
  if (prepared.value.length === 0) {
    tell('apply', 'nothing to change: every file is so already');
    return ok({ commit: head.value });
  }
  reached('drift recorded');
  const rehearsed = await rehearse(transaction, prepared.value);
  if (!rehearsed.ok) return rehearsed;
  for (const evidence of rehearsed.value) tell('rehearse', evidence);
  reached('rehearsed');
  const found = await service.attach();
  if (!found.ok) return found;
  const attached = found.value;
  const journal: Journal = {
    id: crypto.randomUUID().slice(0, 8),
    bootId: (await thisBoot()).id,
    ...(change.confirmWithinMs === undefined ? {} : { confirmWithinMs: change.confirmWithinMs }),
    reason: transaction.reason,
    person: transaction.person,
    at: transaction.clock.now(),
    service: attached.memo,
    edits: prepared.value.map(({ path, before }) => ({ path, ...(before === undefined ? {} : { before }) })),
  };
  const written = await writeJournal(transaction.place, journal);
  if (!written.ok) return written;
  reached('journalled');
  const done = await applyAndProve(transaction, change, { edits: prepared.value, attached, journal });
  if (done.ok) return done;
  tell('undo', done.problem.message);
  const undone = await takeBack(transaction, journal, attached, done.problem.message);
  if (!undone.ok) return undone;
  return fail('undone', done.problem.message, {
    ...(done.problem.path === undefined ? {} : { path: done.problem.path }),
    hint: 'the change has been taken back; everything is as it was before',
  });
}

interface Applying {
  readonly edits: readonly PreparedEdit[];
  readonly attached: Attached;
  readonly journal: Journal;
}

async function applyAndProve(
  transaction: Transaction,
  change: Change,
  { edits, attached, journal }: Applying,
): Promise<Result<Made>> {
  const { repository, reason, person, clock, place, tell, reached } = transaction;
  for (const { path, after } of edits) {
    const put = await putFile(path, after);
    if (!put.ok) return put;
    tell('apply', `${after === undefined ? 'removed' : 'wrote'} ${path}`);
    reached('first edit made');
  }
  reached('applied');
  const effects: string[] = [];
  const reloaded = await attached.reload?.();
  if (reloaded?.ok === false) return reloaded;
  if (reloaded !== undefined) {
    tell('reload', reloaded.value);
    effects.push(reloaded.value);
  }
  reached('reloaded');
  const closed = new Set(change.proofs.filter(({ closes }) => closes === true).map(({ port }) => port));
  const kept = attached.proofs.filter(({ port }) => port === undefined || !closed.has(port));
  for (const proof of [...kept, ...change.proofs]) {
    const held = await holdProof(proof, clock);
    if (!held.ok) {
      return fail(
        'undone',
        `cannot keep the change: it must hold that ${proof.claim}: ${held.problem.message}`,
      );
    }
    tell('prove', `${proof.claim}: ${held.value}`);
    effects.push(`${proof.claim}: ${held.value}`);
  }
  reached('proved');
  const marked = await markProved(place);
  if (!marked.ok) return marked;
  reached('marked proved');
  const recorded = await record(repository, { reason, person, at: clock.now(), effects });
  if (!recorded.ok) return recorded;
  tell('record', `${recorded.value.commit.slice(0, 12)} ${reason.split('\n')[0] ?? ''}`);
  reached('recorded');
  const { commit } = recorded.value;
  if (change.confirmWithinMs !== undefined) {
    const waiting = startWaiting(commit, change.confirmWithinMs, clock.now(), await thisBoot());
    const noted = await markWaiting(place, waiting);
    if (!noted.ok) return noted;
    reached('waiting');
    tell('confirm', `waits until ${timeOfDay(waiting.until)}: portreeve change confirm ${journal.id}`);
    return ok({ commit, waiting: { id: journal.id, until: waiting.until } });
  }
  // It is proved and recorded; a journal that stays is cleared by the next run.
  const dropped = await dropJournal(place);
  if (!dropped.ok) tell('record', dropped.problem.message);
  reached('dropped');
  return ok({ commit });
}
