/** One keeper at a time; and whether there is one, for whoever would have to be its own deadman. */
import { isHeld, type Lock, takeLock } from '../host/lock.ts';
import { stateFolder } from '../host/state-folder.ts';
import { fail, type Result } from '../base/result.ts';

const path = (): string => `${stateFolder()}/keeper.lock`;

export async function takeKeeperLock(): Promise<Result<Lock>> {
  const lock = await takeLock(path(), 'keep the configuration');
  if (lock.ok || lock.problem.kind !== 'unavailable') return lock;
  return fail('unavailable', 'cannot keep the configuration: there must be one keeper: another one runs', {
    path: path(),
    hint: 'see it: systemctl status portreeve-keeper',
  });
}

export async function keeperRuns(): Promise<boolean> {
  return await isHeld(path());
}
