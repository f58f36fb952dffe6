/**
 * Takes waiting changes back when their time is over, and experiments, until told to stop; or, with
 * `untilSettled`, until none is left. It holds nothing in memory: whoever runs it next, in the keeper, beside a shell or at
 * boot, goes by the journals alone.
 */
import type { Problem } from '../base/problem.ts';
import { thisBoot } from '../host/boot.ts';
import type { Clock } from '../host/clock.ts';
import { isHeld } from '../host/lock.ts';
import { stateFolder } from '../host/state-folder.ts';
import type { Step } from './change.ts';
import { endExperiments, timedExperiments } from './end-experiments.ts';
import { type PendingChange, pendingChanges } from './pending-changes.ts';
import { recoverAll } from './recover-all.ts';
import { isOver } from './waiting.ts';

export interface Deadman {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tell: (step: Step) => void;
  readonly trouble: (problem: Problem) => void;
  readonly untilSettled?: boolean;
}

const pauseMs = 1000;
/** An experiment that cannot be dropped is tried again so much later: each try rehearses. */
const againMs = 60_000;

export async function runDeadman(deadman: Deadman): Promise<void> {
  const { clock, signal, trouble } = deadman;
  let last = '';
  let experimentsAt = 0;
  while (!signal.aborted) {
    const pending = await pendingChanges();
    // What cannot be repaired is said once, and tried for ever.
    const say = (problem: Problem): void => {
      if (problem.message !== last) trouble(problem);
      last = problem.message;
    };
    const timed = await timedExperiments();
    if (!pending.ok) say(pending.problem);
    else if (pending.value.length + timed.length === 0 && deadman.untilSettled === true) return;
    else if (await needsHelp(pending.value)) {
      const recovered = await recoverAll(deadman.tell, { clock });
      for (const problem of recovered.ok ? recovered.value.problems : [recovered.problem]) say(problem);
    }
    if (pending.ok && pending.value.length === 0 && clock.now() >= experimentsAt) {
      const problems = await endExperiments(timed, clock, deadman.tell);
      for (const problem of problems) say(problem);
      if (problems.length > 0) experimentsAt = clock.now() + againMs;
    }
    await clock.sleep(pauseMs, signal);
  }
}

/** Overdue, or interrupted: under a held lock a change without a deadline is one at work. */
async function needsHelp(pending: readonly PendingChange[]): Promise<boolean> {
  const boot = await thisBoot();
  const due = pending.some(({ journal: { waiting } }) => waiting === undefined || isOver(waiting, boot));
  // Looking at the lock takes it for a moment; nobody is to stumble over that without need.
  return due && !(await isHeld(`${stateFolder()}/lock`));
}
