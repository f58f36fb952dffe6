/**
 * The lock of changes: one at a time on a machine. Who only records (the keeper, of drift) is done in no time
 * and waited for; who changes something is not, and is named to whoever comes second.
 */
import { fail, type Result } from '../base/result.ts';
import { readText, writeText } from '../host/files.ts';
import { type Lock, waitForLock } from '../host/lock.ts';
import { stateFolder } from '../host/state-folder.ts';
import type { Reason } from '../history/reason.ts';

const patienceMs = 1500;

export async function lockChanges(folder: string, reason: Reason): Promise<Result<Lock>> {
  // Beside the lock, and read only while somebody holds it: what a dead one has left misleads nobody.
  const about = `${stateFolder()}/lock.about`;
  const lock = await waitForLock(`${stateFolder()}/lock`, `change ${folder}`, patienceMs);
  if (lock.ok) {
    const noted = await writeText(about, `${reason.split('\n')[0] ?? ''}\n`, 0o600);
    if (noted.ok) return lock;
    lock.value.release();
    return noted;
  }
  const who = await readText(about, 100_000);
  if (lock.problem.kind !== 'unavailable' || !who.ok || who.value.trim() === '') return lock;
  const { message, ...rest } = lock.problem;
  return fail(
    lock.problem.kind,
    message.replace('another Portreeve', () => `"${who.value.trim()}"`),
    rest,
  );
}
