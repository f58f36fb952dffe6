/** Carries a change out and tells each step as it happens. */
import { type Failed, ok, type Ok } from '../base/result.ts';
import type { Change } from '../change/change.ts';
import { makeChange } from '../change/make-change.ts';
import type { ExitStatus } from './exit-status.ts';
import type { Speaker } from './speak.ts';

export async function carryOut(speak: Speaker, change: Change): Promise<Ok<ExitStatus> | Failed> {
  // Half a change is worse than a late Ctrl-C: it is finished or taken back first.
  const later = (): void => {
    speak.note('finishing the change first');
  };
  process.on('SIGINT', later).on('SIGTERM', later).on('SIGHUP', later);
  try {
    const outcome = await makeChange(change, ({ phase, evidence }) => {
      const shown = phase === 'undo' ? speak.style.warn(phase.padEnd(8)) : speak.style.dim(phase.padEnd(8));
      if (speak.json) speak.note(`${phase.padEnd(8)} ${evidence}`);
      else speak.line(`${shown} ${evidence}`);
    });
    if (!outcome.ok) return outcome;
    speak.document(outcome.value);
    return ok(0);
  } finally {
    process.off('SIGINT', later).off('SIGTERM', later).off('SIGHUP', later);
  }
}
