/** One change at a time, and a change that waits to be confirmed is not over. */
import { fail, ok, type Result } from '../base/result.ts';
import { pendingChanges } from './pending-changes.ts';
import { timeOfDay } from './time-of-day.ts';

export async function nothingPending(act: string): Promise<Result<void>> {
  const pending = await pendingChanges();
  if (!pending.ok) return pending;
  const [first] = pending.value;
  if (first === undefined) return ok();
  const { id, reason, waiting } = first.journal;
  const name = `${id} "${reason.split('\n')[0] ?? ''}"`;
  if (waiting === undefined) {
    return fail(
      'unavailable',
      `cannot ${act}: one change at a time: ${name} was interrupted in ${first.folder}`,
      {
        path: first.folder,
        hint: 'repair it first: portreeve change recover',
      },
    );
  }
  return fail(
    'unavailable',
    `cannot ${act}: one change at a time: ${name} waits to be confirmed until ${timeOfDay(waiting.until)}`,
    { path: first.folder, hint: `portreeve change confirm ${id}, or: portreeve change abort ${id}` },
  );
}
