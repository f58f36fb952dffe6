/**
 * Records what somebody has changed by other means (an editor, a package), under the lock of changes.
 * A change of ours that was interrupted is repaired first: half of one is nobody's decision.
 */
import type { Result } from '../base/result.ts';
import type { Reason } from '../history/reason.ts';
import { record, type Recorded, type RecordRequest } from '../history/record.ts';
import type { Step } from './change.ts';
import { openTransaction, type TransactionOptions } from './open-transaction.ts';
import { recover } from './recover.ts';

export async function recordChange(
  folder: string,
  reason: Reason,
  tell: (step: Step) => void,
  options: TransactionOptions & Pick<RecordRequest, 'paths'> = {},
): Promise<Result<Recorded>> {
  const opened = await openTransaction({ folder, reason, tell, options });
  if (!opened.ok) return opened;
  const { transaction, close } = opened.value;
  try {
    const recovered = await recover(transaction);
    if (!recovered.ok) return recovered;
    const { repository, person, clock } = transaction;
    return await record(repository, {
      reason,
      person,
      at: clock.now(),
      ...(options.paths && { paths: options.paths }),
    });
  } finally {
    close();
  }
}
