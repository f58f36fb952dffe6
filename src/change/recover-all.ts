/**
 * Settles whatever is not settled on this machine, folder by folder: at boot before the services start,
 * when the keeper starts, when a deadline has passed. One folder that cannot be repaired does not keep
 * the others from it.
 */
import type { Problem } from '../base/problem.ts';
import { ok, type Result } from '../base/result.ts';
import { parseReason } from '../history/reason.ts';
import type { Step } from './change.ts';
import { openTransaction, type TransactionOptions } from './open-transaction.ts';
import { unsettledFolders } from './pending-changes.ts';
import { recover } from './recover.ts';

export interface Recovered {
  /** The reasons of the changes that were taken back or made good. */
  readonly settled: readonly string[];
  readonly problems: readonly Problem[];
}

export async function recoverAll(
  tell: (step: Step) => void,
  options: TransactionOptions = {},
): Promise<Result<Recovered>> {
  const folders = await unsettledFolders();
  if (!folders.ok) return folders;
  const settled: string[] = [];
  const problems: Problem[] = [];
  for (const folder of folders.value) {
    const done = await recoverFolder(folder, tell, options);
    if (!done.ok) problems.push(done.problem);
    else if (done.value !== undefined) settled.push(done.value);
  }
  return ok({ settled, problems });
}

async function recoverFolder(
  folder: string,
  tell: (step: Step) => void,
  options: TransactionOptions,
): Promise<Result<string | undefined>> {
  const reason = parseReason('recover');
  if (!reason.ok) return reason;
  const opened = await openTransaction({ folder, reason: reason.value, tell, options });
  if (!opened.ok) return opened;
  try {
    return await recover(opened.value.transaction);
  } finally {
    opened.value.close();
  }
}
