/** Tells each step of a change as it happens. */
import type { Step } from '../change/change.ts';
import type { Speaker } from './speak.ts';

export function stepTeller(speak: Speaker): (step: Step) => void {
  return ({ phase, evidence }) => {
    const shown = phase === 'undo' ? speak.style.warn(phase.padEnd(8)) : speak.style.dim(phase.padEnd(8));
    if (speak.json) speak.note(`${phase.padEnd(8)} ${evidence}`);
    else speak.line(`${shown} ${evidence}`);
  };
}
