/** Half a change is worse than a late Ctrl-C: it is finished or taken back first. */
import type { Speaker } from './speak.ts';

export async function finishFirst<T>(speak: Speaker, work: () => Promise<T>): Promise<T> {
  const later = (): void => {
    speak.note('finishing the change first');
  };
  process.on('SIGINT', later).on('SIGTERM', later).on('SIGHUP', later);
  try {
    return await work();
  } finally {
    process.off('SIGINT', later).off('SIGTERM', later).off('SIGHUP', later);
  }
}
