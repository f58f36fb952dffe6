/**
 * Loops within loops that try every way to cut the same run of characters: `(?:[^"]*|"…")*` takes twice as
 * long for each further character when it fails in the end, in Python as in V8. The inner loop is taken
 * out, `(?:[^"]|"…")*`, where that changes nothing: no group is inside, no other branch begins with what the
 * inner loop takes, and what follows the whole begins with neither. Then at each place one of them can go on.
 */
import { acceptedBy } from './code-ranges.ts';
import { groupsIn } from './group-facts.ts';
import { nothing, type Pattern } from './pattern.ts';

export function flattenLoops(pattern: Pattern): Pattern {
  switch (pattern.kind) {
    case 'sequence':
      return {
        kind: 'sequence',
        items: pattern.items.map((item, place) => {
          const made = flattenLoops(item);
          return flattened(made, firstLetter(pattern.items[place + 1]));
        }),
      };
    case 'choice':
      return { kind: 'choice', branches: pattern.branches.map(flattenLoops) };
    case 'conditional':
      return { ...pattern, yes: flattenLoops(pattern.yes), no: flattenLoops(pattern.no) };
    case 'group':
    case 'look':
    case 'repeat':
    case 'atomic':
      return { ...pattern, body: flattenLoops(pattern.body) };
    default:
      return pattern;
  }
}

/** `following`: the character that what comes behind begins with. */
function flattened(pattern: Pattern, following: number | undefined): Pattern {
  if (pattern.kind !== 'repeat' || pattern.style !== 'greedy' || pattern.least > 0) return pattern;
  if (pattern.most !== Number.POSITIVE_INFINITY || groupsIn(pattern.body).length > 0) return pattern;
  const { body } = pattern;
  const whole = body.kind === 'sequence' && body.items.length === 1 ? (body.items[0] ?? nothing) : body;
  const branches = whole.kind === 'choice' ? whole.branches : [whole];
  const made = branches.map((branch) => {
    if (branch.kind !== 'repeat' || branch.style !== 'greedy') return branch;
    if (branch.most !== Number.POSITIVE_INFINITY || branch.least > 1) return branch;
    const inner = branch.body;
    if (inner.kind !== 'set' && inner.kind !== 'literal') return branch;
    const others = branches.filter((other) => other !== branch).map(firstLetter);
    const isApart = others.every(
      (letter) =>
        letter !== undefined && letter !== following && following !== undefined && !takes(inner, letter),
    );
    return isApart ? inner : branch;
  });
  return {
    ...pattern,
    body: whole.kind === 'choice' ? { kind: 'choice', branches: made } : (made[0] ?? nothing),
  };
}

/** The one character that a match of the pattern begins with. */
function firstLetter(pattern: Pattern | undefined): number | undefined {
  if (pattern?.kind === 'sequence') return firstLetter(pattern.items[0]);
  return pattern?.kind === 'literal' && !pattern.ignoreCase ? pattern.code : undefined;
}

function takes(set: Extract<Pattern, { kind: 'set' | 'literal' }>, code: number): boolean {
  const { negated, ranges, classes } = acceptedBy(set, false);
  return classes.length > 0 || ranges.some(([from, to]) => code >= from && code <= to) !== negated;
}
