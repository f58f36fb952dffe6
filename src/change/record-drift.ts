/** Records what somebody has changed by other means, as a commit of its own, before a change adds to it. */
import { ok, type Result } from '../base/result.ts';
import { describe } from '../history/describe.ts';
import { findDrift } from '../history/drift.ts';
import { parseReason } from '../history/reason.ts';
import { record } from '../history/record.ts';
import type { Transaction } from './transaction.ts';

/** The commit that holds the folder as it is now; with `wanted` false drift is left where it is. */
export async function recordDrift(
  transaction: Transaction,
  why: string,
  wanted = true,
): Promise<Result<string>> {
  const { repository, person, clock, tell } = transaction;
  const drift = await findDrift(repository);
  if (!drift.ok) return drift;
  const { head, differences } = drift.value;
  if (head !== undefined && (differences.length === 0 || !wanted)) return ok(head);
  const reason = parseReason(why.slice(0, 4000));
  if (!reason.ok) return reason;
  const recorded = await record(repository, { reason: reason.value, person, at: clock.now() });
  if (!recorded.ok) return recorded;
  for (const difference of differences) tell('record', `drift, recorded by itself: ${describe(difference)}`);
  return ok(recorded.value.commit);
}
