/**
 * A lock of git's: a file that is there as long as somebody works. A killed git leaves it for ever; it is
 * known for that by its age, and by there being no git that could still be at work.
 */
import { readdir, readFile, stat, unlink } from 'node:fs/promises';

const oldMs = 60_000;

/** Waits a while for a lock file to go; removes one that nobody can hold any more. False: it is held. */
export async function lockFileGone(path: string, waitMs: number): Promise<boolean> {
  for (const end = Date.now() + waitMs; ; ) {
    const seen = await stat(path).catch(() => undefined);
    if (seen === undefined) return true;
    if (Date.now() - seen.mtimeMs > oldMs && !(await gitIsRunning())) {
      return await unlink(path).then(
        () => true,
        () => false,
      );
    }
    if (Date.now() >= end) return false;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

async function gitIsRunning(): Promise<boolean> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const program = await readFile(`/proc/${name}/comm`, 'utf8').catch(() => '');
    if (/^git(?:-|\n)/.test(program)) return true;
  }
  return false;
}
