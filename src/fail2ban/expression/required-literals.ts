/**
 * Literals of which every match holds at least one: most lines hold none, and never reach the expression.
 *
 * What is found is sound and not complete: undefined where nothing useful is certain.
 */
import type { Pattern } from './pattern.ts';

/** Alternatives that are followed while literals are put together. */
const mostAlternatives = 24;

export function requiredLiterals(pattern: Pattern): readonly string[] | undefined {
  const { exact, best } = look(pattern);
  return better(usable(exact), best);
}

interface Found {
  /** All that the pattern can match, where that is a few strings. */
  readonly exact: readonly string[] | undefined;
  /** Any match holds one of these. */
  readonly best: readonly string[] | undefined;
}

const empty: Found = { exact: [''], best: undefined };
const unknown: Found = { exact: undefined, best: undefined };

function look(pattern: Pattern): Found {
  switch (pattern.kind) {
    case 'literal': {
      const text = String.fromCodePoint(pattern.code);
      const isFirm = !pattern.ignoreCase || text.toLowerCase() === text.toUpperCase();
      return isFirm ? { exact: [text], best: undefined } : unknown;
    }
    case 'set': {
      if (pattern.negated || pattern.ignoreCase || pattern.items.length === 0) return unknown;
      const texts: string[] = [];
      for (const item of pattern.items) {
        if ('class' in item || item.to - item.from > 2) return unknown;
        for (let code = item.from; code <= item.to; code += 1) texts.push(String.fromCodePoint(code));
      }
      return { exact: texts.length <= 4 ? texts : undefined, best: undefined };
    }
    case 'edge':
      return empty;
    case 'look':
      return pattern.ahead && !pattern.negated
        ? { exact: [''], best: requiredLiterals(pattern.body) }
        : empty;
    case 'group':
    case 'atomic':
      return look(pattern.body);
    case 'choice':
      return lookAny(pattern.branches);
    case 'conditional':
      return lookAny([pattern.yes, pattern.no]);
    case 'repeat': {
      const inside = look(pattern.body);
      if (pattern.least === 0) {
        const isOptional = pattern.most === 1 && inside.exact !== undefined && inside.exact.length < 8;
        return isOptional ? { exact: [...(inside.exact ?? []), ''], best: undefined } : unknown;
      }
      if (pattern.least === 1 && pattern.most === 1) return inside;
      return { exact: undefined, best: better(usable(inside.exact), inside.best) };
    }
    case 'sequence':
      return lookAll(pattern.items);
    default:
      return unknown;
  }
}

function lookAny(branches: readonly Pattern[]): Found {
  const found = branches.map(look);
  const exact = found.every((each) => each.exact !== undefined)
    ? [...new Set(found.flatMap((each) => each.exact ?? []))]
    : undefined;
  if (exact !== undefined && exact.length <= mostAlternatives) return { exact, best: undefined };
  const bests = found.map((each) => better(usable(each.exact), each.best));
  if (bests.some((each) => each === undefined)) return unknown;
  const all = [...new Set(bests.flatMap((each) => each ?? []))];
  return { exact: undefined, best: all.length <= mostAlternatives ? all : undefined };
}

function lookAll(items: readonly Pattern[]): Found {
  let run: readonly string[] = [''];
  let best: readonly string[] | undefined;
  let isExact = true;
  for (const item of items) {
    const found = look(item);
    best = better(best, found.best);
    const joined = found.exact === undefined ? undefined : cross(run, found.exact);
    if (joined === undefined) {
      best = better(best, usable(run));
      run = found.exact ?? [''];
      isExact = false;
    } else run = joined;
  }
  return isExact ? { exact: run, best } : { exact: undefined, best: better(best, usable(run)) };
}

function cross(heads: readonly string[], tails: readonly string[]): readonly string[] | undefined {
  if (heads.length === 1 && tails.length === 1) return [`${heads[0] ?? ''}${tails[0] ?? ''}`];
  if (heads.length * tails.length > mostAlternatives) return undefined;
  return [...new Set(heads.flatMap((head) => tails.map((tail) => head + tail)))];
}

function usable(exact: readonly string[] | undefined): readonly string[] | undefined {
  // The newline that ends each text is in every one.
  return exact !== undefined &&
    exact.length > 0 &&
    exact.every((text) => text.length > 1 && !text.includes('\n'))
    ? exact
    : undefined;
}

/** The rarer one, by guess: long literals are rare, many alternatives less so. */
function better(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  if (one === undefined) return other;
  if (other === undefined) return one;
  return score(other) > score(one) ? other : one;
}

function score(literals: readonly string[]): number {
  return Math.min(12, ...literals.map((literal) => literal.length)) - literals.length * 0.5;
}
