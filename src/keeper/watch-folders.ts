/**
 * Watches all tracked folders of this machine: what somebody changes in one without a record is recorded as
 * drift within seconds, and each new record is pushed where a place was named for it. A folder that is
 * tracked later is watched from then on. Nothing of it stops the keeper; a trouble is told once, until it is over.
 */
import type { Problem } from '../base/problem.ts';
import { ok, type Result } from '../base/result.ts';
import { recordSeenDrift } from '../change/record-seen-drift.ts';
import type { Clock } from '../host/clock.ts';
import { describe } from '../history/describe.ts';
import { pushHistory, unpushed } from '../history/push.ts';
import { afterPush, isDue, startPushing } from '../history/push-pace.ts';
import { openRepository, trackedFolders } from '../history/repository.ts';
import { watchDrift } from '../history/watch-drift.ts';

export interface FolderWatching {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long a folder has to be quiet before it is looked at, in milliseconds. */
  readonly quietMs: number;
  /** One at a time with the commands of clients. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly tell: (line: string) => void;
  readonly trouble: (problem: Problem) => void;
}

const listEachMs = 2000;
const pushEachMs = 1000;

export async function watchFolders(watching: FolderWatching): Promise<void> {
  const { clock, signal } = watching;
  const watched = new Map<string, AbortController>();
  const atWork = new Set<Promise<void>>();
  const say = onceEach(watching.trouble);
  while (!signal.aborted) {
    const folders = await trackedFolders();
    say('', folders);
    const now = new Set(folders.ok ? folders.value : watched.keys());
    for (const [folder, stop] of watched) {
      if (now.has(folder)) continue;
      stop.abort();
      watched.delete(folder);
    }
    for (const folder of now) {
      if (watched.has(folder)) continue;
      const stop = new AbortController();
      watched.set(folder, stop);
      for (const work of [
        watchFolder(folder, watching, stop.signal, say),
        pushFolder(folder, watching, stop.signal, say),
      ]) {
        atWork.add(work);
        void work.finally(() => atWork.delete(work));
      }
    }
    await clock.sleep(listEachMs, signal);
  }
  for (const stop of watched.values()) stop.abort();
  await Promise.all(atWork);
}

type Say = (what: string, outcome: Result<unknown>) => void;

async function watchFolder(
  folder: string,
  { clock, quietMs, inTurn, tell }: FolderWatching,
  signal: AbortSignal,
  say: Say,
): Promise<void> {
  await watchDrift({
    folder,
    quietMs,
    clock,
    signal,
    look: async () => {
      const repository = await openRepository(folder);
      const seen = repository.ok
        ? await inTurn(async () => await recordSeenDrift(repository.value, clock))
        : repository;
      say(folder, seen);
      if (!seen.ok || seen.value === undefined || seen.value === 'later')
        return seen.ok && seen.value !== 'later';
      for (const difference of seen.value.differences) tell(`drift    ${folder}: ${describe(difference)}`);
      return true;
    },
  });
}

async function pushFolder(
  folder: string,
  { clock, tell }: FolderWatching,
  signal: AbortSignal,
  say: Say,
): Promise<void> {
  let pace = startPushing;
  while (!signal.aborted) {
    const repository = await openRepository(folder);
    const head = repository.ok ? await unpushed(repository.value) : ok(undefined);
    if (repository.ok && head.ok && head.value !== undefined && isDue(pace, head.value, clock.now())) {
      const pushed = await pushHistory(repository.value);
      say(`${folder} push`, pushed);
      if (pushed.ok) tell(`pushed   ${folder} to ${pushed.value ?? ''}`);
      pace = afterPush(pace, head.value, pushed.ok, clock.now());
    }
    await clock.sleep(pushEachMs, signal);
  }
}

/** A problem that stays is told once; when it is over it may be told again. */
function onceEach(trouble: (problem: Problem) => void): Say {
  const last = new Map<string, string>();
  return (what, outcome) => {
    const message = outcome.ok ? '' : outcome.problem.message;
    if (!outcome.ok && last.get(what) !== message) trouble(outcome.problem);
    last.set(what, message);
  };
}
