/** What a set or a letter accepts, as ranges of code points and classes, with case already weighed in. */
import { caseFellows, lowerCase } from './case-fellows.ts';
import type { ClassLetter, Pattern } from './pattern.ts';

export interface Accepted {
  readonly negated: boolean;
  /** Sorted, without overlap. */
  readonly ranges: readonly (readonly [number, number])[];
  readonly classes: readonly ClassLetter[];
  readonly ascii: boolean;
}

/** `asciiText`: the text holds ASCII alone, so other characters need not be looked for. */
export function acceptedBy(
  pattern: Extract<Pattern, { kind: 'literal' | 'set' }>,
  asciiText: boolean,
): Accepted {
  const { ignoreCase, ascii } = pattern;
  const cap = asciiText ? 0x7f : 0x10ffff;
  const items = pattern.kind === 'literal' ? [{ from: pattern.code, to: pattern.code }] : pattern.items;
  const ranges: [number, number][] = [];
  const classes: ClassLetter[] = [];
  for (const item of items) {
    if ('class' in item) {
      classes.push(item.class);
      continue;
    }
    if (!ignoreCase) {
      if (item.from <= cap) ranges.push([item.from, Math.min(item.to, cap)]);
      continue;
    }
    for (let code = item.from; code <= Math.min(item.to, 0x1_ffff); code += 1) {
      // A set is lower-cased as a whole, then the text's character is looked up in it.
      // Where only ASCII can be met, a letter of ASCII needs no table of the others.
      const plain = ascii || (asciiText && code < 0x80);
      for (const fellow of caseFellows(lowerCase(code, plain), plain)) {
        if (fellow <= cap) ranges.push([fellow, fellow]);
      }
    }
    if (item.to > 0x1_ffff && cap > 0x1_ffff) ranges.push([Math.max(item.from, 0x2_0000), item.to]);
  }
  return { negated: pattern.kind === 'set' && pattern.negated, ranges: merged(ranges), classes, ascii };
}

function merged(ranges: [number, number][]): (readonly [number, number])[] {
  const joined: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}
