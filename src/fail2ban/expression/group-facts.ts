/** What is certain about the groups of a pattern, before any text is seen. */
import { type Pattern, partsOf } from './pattern.ts';

/** Whether the pattern, once it has matched, has set the group. */
export function surelySets(pattern: Pattern, group: number): boolean {
  return surelySetsOne(pattern, new Set([group]));
}

/** Whether the pattern, once it has matched, has set one of the groups. */
export function surelySetsOne(pattern: Pattern, groups: ReadonlySet<number>): boolean {
  switch (pattern.kind) {
    case 'group':
      return groups.has(pattern.number) || surelySetsOne(pattern.body, groups);
    case 'sequence':
      return pattern.items.some((item) => surelySetsOne(item, groups));
    case 'choice':
      return pattern.branches.every((branch) => surelySetsOne(branch, groups));
    case 'conditional':
      return surelySetsOne(pattern.yes, groups) && surelySetsOne(pattern.no, groups);
    case 'repeat':
      return pattern.least > 0 && surelySetsOne(pattern.body, groups);
    case 'look':
      return !pattern.negated && surelySetsOne(pattern.body, groups);
    case 'atomic':
      return surelySetsOne(pattern.body, groups);
    default:
      return false;
  }
}

export function groupsIn(pattern: Pattern): number[] {
  const inside = partsOf(pattern).flatMap(groupsIn);
  return pattern.kind === 'group' ? [pattern.number, ...inside] : inside;
}

/** Whether it may match without taking a character. */
export function mayBeEmpty(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'literal':
    case 'any':
    case 'set':
      return false;
    case 'sequence':
      return pattern.items.every(mayBeEmpty);
    case 'choice':
      return pattern.branches.some(mayBeEmpty);
    case 'conditional':
      return mayBeEmpty(pattern.yes) || mayBeEmpty(pattern.no);
    case 'group':
    case 'atomic':
      return mayBeEmpty(pattern.body);
    case 'repeat':
      return pattern.least === 0 || mayBeEmpty(pattern.body);
    default:
      return true;
  }
}

/** Whether it asks anywhere whether the group is set: as a conditional, or as a reference that fails without. */
export function asksFor(pattern: Pattern, group: number): boolean {
  if ((pattern.kind === 'conditional' || pattern.kind === 'reference') && pattern.number === group)
    return true;
  return partsOf(pattern).some((part) => asksFor(part, group));
}
