/**
 * Watches a tracked folder until it is stopped, and has somebody look whenever there may be drift. Whoever
 * looks (the keeper) finds out whether there is any, and records it with the reason of drift-reason.ts.
 */
import type { Clock } from '../host/clock.ts';
import { watchFolder } from '../host/watch-folder.ts';
import { nextLook, nextPace, startPace } from './drift-pace.ts';

export interface DriftWatch {
  readonly folder: string;
  /** Looks, and records what it finds; false where it could not, and has to try again. */
  readonly look: () => Promise<boolean>;
  /** How long it has to be quiet before a look, in milliseconds. */
  readonly quietMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export async function watchDrift({ folder, look, quietMs, clock, signal }: DriftWatch): Promise<void> {
  let pace = startPace(clock.now(), quietMs);
  let wake = new AbortController();
  const watch = watchFolder(folder, () => {
    pace = nextPace(pace, 'changed', clock.now());
    wake.abort();
  });
  const stop = (): void => {
    wake.abort();
  };
  signal.addEventListener('abort', stop);
  try {
    while (!signal.aborted) {
      const wait = nextLook(pace) - clock.now();
      if (wait > 0) {
        wake = new AbortController();
        await clock.sleep(wait, wake.signal);
        continue;
      }
      // What is noticed while we look belongs to the next look.
      pace = nextPace(pace, 'looked', clock.now());
      if (!(await look())) pace = nextPace(pace, 'failed', clock.now());
    }
  } finally {
    signal.removeEventListener('abort', stop);
    watch.close();
  }
}
