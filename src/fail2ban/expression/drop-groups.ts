/** A pattern without the groups that nobody asks for: they cost time, and a group in a loop may cost the printing. */
import { partsOf, type Pattern } from './pattern.ts';

export function dropGroups(pattern: Pattern, kept: ReadonlySet<number>): Pattern {
  const inside = (part: Pattern): Pattern => dropGroups(part, kept);
  switch (pattern.kind) {
    case 'sequence':
      return { kind: 'sequence', items: pattern.items.map(inside) };
    case 'choice':
      return { kind: 'choice', branches: pattern.branches.map(inside) };
    case 'conditional':
      return { ...pattern, yes: inside(pattern.yes), no: inside(pattern.no) };
    case 'group': {
      const body = inside(pattern.body);
      // One item still: a quantifier behind it is for all of it.
      return kept.has(pattern.number) ? { ...pattern, body } : { kind: 'sequence', items: [body] };
    }
    case 'look':
    case 'repeat':
    case 'atomic':
      return { ...pattern, body: inside(pattern.body) };
    default:
      return pattern;
  }
}

/** The groups that the pattern itself refers to. */
export function referredGroups(pattern: Pattern): number[] {
  const inside = partsOf(pattern).flatMap(referredGroups);
  return pattern.kind === 'reference' || pattern.kind === 'conditional'
    ? [pattern.number, ...inside]
    : inside;
}
