/** A production made ready for reading: its parts as a chain that knows what can follow each. */
import type { Part, Production } from './log-grammar.ts';

export interface GrammarNode {
  readonly part: Part;
  readonly next: GrammarNode | undefined;
  /** Where `part` is a `maybe`: its inside, which leads on to `next`. */
  readonly inside?: GrammarNode | undefined;
  /** Whether a host may still come, here or later. */
  readonly hostAhead: boolean;
  /** What may stand where this node starts; `''` is the end of the line, undefined anything. */
  readonly starts: readonly string[] | undefined;
}

const compiled = new WeakMap<Production, GrammarNode | undefined>();

export function compiledProduction(production: Production): GrammarNode | undefined {
  if (!compiled.has(production)) compiled.set(production, compile(production.parts, undefined));
  return compiled.get(production);
}

function compile(parts: readonly Part[], after: GrammarNode | undefined): GrammarNode | undefined {
  let next = after;
  for (const part of parts.toReversed()) {
    const inside = typeof part === 'object' && 'maybe' in part ? compile(part.maybe, next) : undefined;
    const own = typeof part === 'object' && 'host' in part;
    next = {
      part,
      next,
      ...(inside === undefined ? {} : { inside }),
      hostAhead: own || (inside?.hostAhead ?? false) || (next?.hostAhead ?? false),
      starts: startsOf(part, inside, next),
    };
  }
  return next;
}

function startsOf(
  part: Part,
  inside: GrammarNode | undefined,
  next: GrammarNode | undefined,
): readonly string[] | undefined {
  if (typeof part === 'string') {
    return startsHost(next) ? [`${part}H=`, `${part}U=`] : [part];
  }
  if ('values' in part) return part.values;
  if ('wording' in part) return [part.wording];
  if ('host' in part) return part.host === 'flagged' ? ['H=', 'U='] : undefined;
  if (!('maybe' in part)) return undefined;
  const after = next === undefined ? [''] : next.starts;
  return inside?.starts === undefined || after === undefined ? undefined : [...inside.starts, ...after];
}

function startsHost(node: GrammarNode | undefined): boolean {
  return (
    node !== undefined && typeof node.part === 'object' && 'host' in node.part && node.part.host === 'flagged'
  );
}
