/**
 * Whether V8 runs the loops of a pattern as Python does. V8 forgets groups at the start of each round and
 * takes back an empty round, to try another branch; Python keeps what an earlier round has set, and after
 * one empty round goes on behind the loop.
 */
import { groupsIn, mayBeEmpty, surelySets } from './group-facts.ts';
import { partsOf, type Pattern } from './pattern.ts';

export function loopsAgree(pattern: Pattern): boolean {
  if (pattern.kind === 'atomic') return false;
  if (pattern.kind === 'repeat') {
    if (pattern.style === 'possessive') return false;
    if (pattern.most > 1) {
      const groups = groupsIn(pattern.body);
      if (mayBeEmpty(pattern.body) && (groups.length > 0 || !triesEmptyLast(pattern.body))) return false;
      if (!groups.every((group) => surelySets(pattern.body, group))) return false;
    }
  }
  return partsOf(pattern).every(loopsAgree);
}

/** Whether matching nothing is the last thing that the pattern tries: then there is no other branch to go to. */
function triesEmptyLast(pattern: Pattern): boolean {
  if (!mayBeEmpty(pattern)) return true;
  switch (pattern.kind) {
    case 'sequence':
      return pattern.items.every(triesEmptyLast);
    case 'choice':
      return (
        pattern.branches.slice(0, -1).every((branch) => !mayBeEmpty(branch)) &&
        pattern.branches.every(triesEmptyLast)
      );
    case 'repeat':
      return pattern.style === 'greedy' && triesEmptyLast(pattern.body);
    case 'edge':
    case 'look':
      return true;
    default:
      return false;
  }
}
