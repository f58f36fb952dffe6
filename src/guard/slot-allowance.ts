/** How long an address may hold a slot without progress, by what it has earned and who waits. */
import type { Allowance } from './slot-watch.ts';

/** A round trip of a second. */
const silenceInCrowdMs = 1000;

/** How many times longer who holds a slot is borne with when an attack is over. */
const afterwards = 3;

/** While many wait, a stranger has half the time; when nobody does any more, everybody has much more. */
export function slotAllowance(patience: number, waiting: 'nobody any more' | 'some' | 'a crowd'): Allowance {
  const silenceMs = Number.POSITIVE_INFINITY;
  if (waiting === 'nobody any more') return { patience: patience * afterwards, silenceMs };
  return patience === 1 && waiting === 'a crowd'
    ? { patience: 0.5, silenceMs: silenceInCrowdMs }
    : { patience, silenceMs };
}
