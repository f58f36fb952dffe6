/**
 * A lock that the kernel holds: whoever dies, however, lets go of it. There is no stale lock to break.
 *
 * It is the exclusive lock of an SQLite database that never gets content: fcntl(2) locks, which Node
 * itself does not offer. It works between processes, and between two takers in one.
 */
import { open } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, ok, type Result } from '../base/result.ts';
import { makeFolder } from './files.ts';
import { attempt } from './machine-problem.ts';
import { dirname } from 'node:path';

export interface Lock {
  release(): void;
}

/** Takes the lock, or a problem at once where somebody else has it. */
export async function takeLock(path: string, act: string): Promise<Result<Lock>> {
  const folder = await makeFolder(dirname(path));
  if (!folder.ok) return folder;
  // Whoever may open it may lock it: root's alone.
  const made = await attempt('make the lock', path, async () => {
    await (await open(path, 'a', 0o600)).close();
  });
  if (!made.ok) return made;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    const held = database;
    return ok({
      release: () => {
        held.close();
      },
    });
  } catch (error) {
    database?.close();
    const words = error instanceof Error ? error.message : String(error);
    return /locked/.test(words)
      ? fail('unavailable', `cannot ${act}: one change at a time: another Portreeve is at work`, {
          path,
          hint: 'wait for it; its process is shown by: ps -C node -o pid,args',
        })
      : fail('unavailable', `cannot ${act}: the lock must be a file that we can write: ${words}`, { path });
  }
}

/** The same, but waits a moment for somebody who is done soon. */
export async function waitForLock(path: string, act: string, patienceMs: number): Promise<Result<Lock>> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const lock = await takeLock(path, act);
    if (lock.ok || lock.problem.kind !== 'unavailable' || performance.now() >= until) return lock;
    await sleep(50);
  }
}

export async function isHeld(path: string): Promise<boolean> {
  const lock = await takeLock(path, 'look at the lock');
  if (lock.ok) lock.value.release();
  return !lock.ok;
}
