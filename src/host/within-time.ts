/**
 * Work that must end: a watchdog thread of Node's ends it when its time is over, even inside of a regular
 * expression. What the work has changed until then stays changed.
 */
import { Script } from 'node:vm';

const script = new Script('portreeveWork.run()');

/** False if it was ended. Takes some tens of microseconds, so it is for batches. */
export function endsWithin(milliseconds: number, run: () => void): boolean {
  const before = work.run;
  work.run = run;
  try {
    script.runInThisContext({ timeout: milliseconds });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return false;
    throw error;
  } finally {
    work.run = before;
  }
}

/** The script finds what to run by this name, in the same context: objects stay what they are. */
const work: { run: () => void } = { run: () => undefined };
Object.defineProperty(globalThis, 'portreeveWork', { value: work });
