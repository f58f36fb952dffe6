/** The changes that are not settled and the tracked folders: as root from the state, else from the keeper. */
import { z } from 'zod';
import { ok, type Result } from '../base/result.ts';
import { type DescribedChange, describePending } from '../change/describe-pending.ts';
import { pendingChanges } from '../change/pending-changes.ts';
import { isRoot } from '../host/identity.ts';
import { askKeeper } from '../keeper/ask-keeper.ts';
import { trackedFolders } from '../history/repository.ts';
import { keeperSocket } from './keeper-socket.ts';

export interface KnownChanges {
  readonly changes: readonly DescribedChange[];
  readonly folders: readonly string[];
}

export const describedShape: z.ZodType<DescribedChange> = z.strictObject({
  id: z.string(),
  folder: z.string(),
  state: z.enum(['waiting', 'working', 'interrupted']),
  reason: z.string(),
  person: z.string(),
  at: z.number(),
  until: z.number().optional(),
  files: z.array(z.string()),
}) as z.ZodType<DescribedChange>;

export async function knownChanges(): Promise<Result<KnownChanges>> {
  if (isRoot()) {
    const pending = await pendingChanges();
    if (!pending.ok) return pending;
    const folders = await trackedFolders();
    return folders.ok ? ok({ changes: pending.value.map(describePending), folders: folders.value }) : folders;
  }
  const shape: z.ZodType<KnownChanges> = z.strictObject({
    changes: z.array(describedShape),
    folders: z.array(z.string()),
  });
  return await askKeeper(keeperSocket(), { do: 'list' }, shape, () => undefined);
}
