/**
 * Whether V8 keeps the groups of a loop as Python does. V8 forgets them at the start of each round and
 * gives up an empty round; Python keeps what an earlier round has set, and lets one empty round count.
 */
import { groupsIn, mayBeEmpty, surelySets } from './group-facts.ts';
import { partsOf, type Pattern } from './pattern.ts';

export function loopsAgree(pattern: Pattern): boolean {
  if (pattern.kind === 'atomic') return false;
  if (pattern.kind === 'repeat') {
    if (pattern.style === 'possessive') return false;
    const groups = pattern.most > 1 ? groupsIn(pattern.body) : [];
    if (groups.length > 0 && mayBeEmpty(pattern.body)) return false;
    if (!groups.every((group) => surelySets(pattern.body, group))) return false;
  }
  return partsOf(pattern).every(loopsAgree);
}
