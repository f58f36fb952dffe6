/**
 * Takes a history elsewhere after something was recorded, where a place was named for it. The keeper does so
 * by itself, and again where it fails. What was recorded stands in any case.
 */
import { pushHistory } from '../history/push.ts';
import type { Repository } from '../history/repository.ts';
import { keeperRuns } from '../keeper/keeper-lock.ts';
import type { Speaker } from './speak.ts';

/** Where it went to; false where that failed, undefined where nobody asked for it here. */
export async function pushAfter(speak: Speaker, repository: Repository): Promise<string | false | undefined> {
  if (await keeperRuns()) return undefined;
  const pushed = await pushHistory(repository);
  if (!pushed.ok) {
    speak.problem(pushed.problem);
    return false;
  }
  if (pushed.value !== undefined) speak.line(`pushed to ${pushed.value}`);
  return pushed.value;
}
