/**
 * Takes out of a pattern every question whether a group is set: `(?(x)a|b)`, and a reference to a group
 * that may be unset, which fails in Python and matches nothing at all in V8.
 *
 * The choice that decides about the group is carried outward to where the question can see it:
 * `(g)?(?(1)a|b)` is `(?:(g)a|b)`. Python tries the alternatives of both in the same order, so the same
 * text matches with the same groups. Where the choice is made in a loop or behind a look, that cannot be
 * said before the match: then there is no answer, and the pattern has to be walked (walk-pattern.ts).
 */
import { asksFor, groupsIn, surelySets } from './group-facts.ts';
import { never, nothing, partsOf, type Pattern } from './pattern.ts';

/** More nodes than this, and walking is the lesser evil. */
const mostNodes = 6000;

export function settleQuestions(pattern: Pattern): Pattern | undefined {
  // Most patterns ask nothing, and are read at each start.
  const settled = asks(pattern) ? settle(pattern) : pattern;
  if (settled === undefined || count(settled) > mostNodes) return undefined;
  return hasOpenQuestion(settled) ? undefined : settled;
}

function settle(pattern: Pattern): Pattern | undefined {
  switch (pattern.kind) {
    case 'sequence':
      return settleSequence(pattern.items);
    case 'choice':
      return rebuild(pattern.branches, (branches) => ({ kind: 'choice', branches }));
    case 'group':
    case 'look':
    case 'repeat':
    case 'atomic':
      return rebuild([pattern.body], ([body = nothing]) => ({ ...pattern, body }));
    case 'conditional':
      return rebuild([pattern.yes, pattern.no], ([yes = nothing, no = nothing]) => ({ ...pattern, yes, no }));
    default:
      return pattern;
  }
}

function rebuild(
  parts: readonly Pattern[],
  build: (parts: readonly Pattern[]) => Pattern,
): Pattern | undefined {
  const settled: Pattern[] = [];
  for (const part of parts) {
    const each = settle(part);
    if (each === undefined) return undefined;
    settled.push(each);
  }
  return build(settled);
}

function settleSequence(items: readonly Pattern[]): Pattern | undefined {
  for (let place = 0; place < items.length; place += 1) {
    const item = items[place] ?? nothing;
    const rest = items.slice(place + 1);
    const asked = groupsIn(item).find((group) => rest.some((later) => asksFor(later, group)));
    if (asked === undefined) continue;
    const variants = surelySets(item, asked) ? [{ pattern: item, set: true }] : variantsOf(item, asked);
    if (variants === undefined) return undefined;
    const branches = variants.map(
      (variant): Pattern => ({
        kind: 'sequence',
        items: [variant.pattern, ...rest.map((later) => answer(later, asked, variant.set))],
      }),
    );
    const whole: Pattern = branches.length === 1 ? (branches[0] ?? nothing) : { kind: 'choice', branches };
    if (count(whole) > mostNodes) return undefined;
    const settled = settle(whole);
    return settled === undefined
      ? undefined
      : { kind: 'sequence', items: [...items.slice(0, place), settled] };
  }
  return rebuild(items, (settled) => ({ kind: 'sequence', items: settled }));
}

interface Variant {
  readonly pattern: Pattern;
  readonly set: boolean;
}

/** The ways through a pattern, in the order that they are tried, each with what became of the group. */
function variantsOf(pattern: Pattern, group: number): Variant[] | undefined {
  if (!groupsIn(pattern).includes(group)) return [{ pattern, set: false }];
  switch (pattern.kind) {
    case 'group':
      if (pattern.number === group) return [{ pattern, set: true }];
      return mapped(variantsOf(pattern.body, group), (body) => ({ ...pattern, body }));
    case 'sequence': {
      const place = pattern.items.findIndex((item) => groupsIn(item).includes(group));
      return mapped(variantsOf(pattern.items[place] ?? nothing, group), (item) => ({
        kind: 'sequence',
        items: pattern.items.with(place, item),
      }));
    }
    case 'choice': {
      const all = pattern.branches.map((branch) => variantsOf(branch, group));
      return all.every((each) => each !== undefined) ? all.flat() : undefined;
    }
    case 'repeat': {
      if (pattern.most !== 1 || pattern.style === 'possessive') return undefined;
      const inside = variantsOf(pattern.body, group);
      if (inside === undefined || pattern.least === 1) return inside;
      const without = { pattern: nothing, set: false };
      return pattern.style === 'greedy' ? [...inside, without] : [without, ...inside];
    }
    default:
      return undefined;
  }
}

function mapped(
  variants: readonly Variant[] | undefined,
  wrap: (pattern: Pattern) => Pattern,
): Variant[] | undefined {
  return variants?.map(({ pattern, set }) => ({ pattern: wrap(pattern), set }));
}

/** The pattern, once it is known whether the group is set. A settled reference is marked by its number below zero. */
function answer(pattern: Pattern, group: number, set: boolean): Pattern {
  const inside = (part: Pattern): Pattern => answer(part, group, set);
  switch (pattern.kind) {
    case 'conditional':
      if (pattern.number === group) return inside(set ? pattern.yes : pattern.no);
      return { ...pattern, yes: inside(pattern.yes), no: inside(pattern.no) };
    case 'reference':
      if (pattern.number !== group) return pattern;
      return set ? { ...pattern, number: -group } : never;
    case 'sequence':
      return { kind: 'sequence', items: pattern.items.map(inside) };
    case 'choice':
      return { kind: 'choice', branches: pattern.branches.map(inside) };
    case 'group':
    case 'look':
    case 'repeat':
    case 'atomic':
      return { ...pattern, body: inside(pattern.body) };
    default:
      return pattern;
  }
}

function asks(pattern: Pattern): boolean {
  return pattern.kind === 'conditional' || pattern.kind === 'reference' || partsOf(pattern).some(asks);
}

function hasOpenQuestion(pattern: Pattern): boolean {
  if (pattern.kind === 'conditional') return true;
  if (pattern.kind === 'reference' && (pattern.number > 0 || pattern.ignoreCase)) return true;
  return partsOf(pattern).some((part) => hasOpenQuestion(part));
}

function count(pattern: Pattern): number {
  return partsOf(pattern).reduce((sum, part) => sum + count(part), 1);
}
