/** Takes the lock of changes and gathers what a transaction on a tracked folder needs. */
import { ok, type Result } from '../base/result.ts';
import { type Clock, systemClock } from '../host/clock.ts';
import { currentPerson, type Person } from '../host/person.ts';
import { realPath } from '../host/real-path.ts';
import type { Reason } from '../history/reason.ts';
import { openRepository } from '../history/repository.ts';
import type { Step } from './change.ts';
import { journalFolder } from './journal.ts';
import { lockChanges } from './lock-changes.ts';
import { serviceOf } from './service-of.ts';
import type { Point, Transaction } from './transaction.ts';

export interface TransactionOptions {
  readonly clock?: Clock;
  readonly person?: Person;
  /** Called between any two steps, for tests that end the process there. */
  readonly reached?: (point: Point) => void;
  readonly booting?: boolean;
}

export interface TransactionRequest {
  readonly folder: string;
  readonly reason: Reason;
  readonly tell: (step: Step) => void;
  readonly options: TransactionOptions;
}

export interface OpenTransaction {
  readonly transaction: Transaction;
  /** Lets go of the lock. */
  readonly close: () => void;
}

export async function openTransaction(request: TransactionRequest): Promise<Result<OpenTransaction>> {
  const { reason, tell, options } = request;
  const folder = await realPath(request.folder);
  if (!folder.ok) return folder;
  const repository = await openRepository(folder.value);
  if (!repository.ok) return repository;
  const place = await journalFolder(folder.value);
  if (!place.ok) return place;
  const person = options.person ?? (await currentPerson());
  const lock = await lockChanges(folder.value, reason);
  if (!lock.ok) return lock;
  const clock = options.clock ?? systemClock;
  return ok({
    transaction: {
      repository: repository.value,
      service: serviceOf(folder.value, clock),
      person,
      reason,
      clock,
      place: place.value,
      tell: (phase, evidence) => {
        tell({ phase, evidence });
      },
      reached: options.reached ?? (() => undefined),
      booting: options.booting ?? false,
    },
    close: () => {
      lock.value.release();
    },
  });
}
