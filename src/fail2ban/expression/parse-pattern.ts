/**
 * Reads a regular expression as Python 3.11's `re` does (module re._parser): the same language, the same
 * refusals. A refusal tells what Python would say and at which character.
 */
import { type Pattern, nothing } from './pattern.ts';
import { type Flags, noFlags, PatternError, PatternText } from './pattern-text.ts';
import { readEscape } from './read-escape.ts';
import { readSet } from './read-set.ts';
import { readGroup } from './read-group.ts';
import { readQuantifier } from './read-quantifier.ts';

export type Parsed =
  | {
      readonly ok: true;
      readonly pattern: Pattern;
      readonly names: ReadonlyMap<string, number>;
      readonly groups: number;
    }
  | { readonly ok: false; readonly says: string /** Characters from the start. */; readonly at: number };

export interface ParseOptions {
  /** The flag `m` from outside. */
  readonly multiline?: boolean;
}

export function parsePattern(source: string, options: ParseOptions = {}): Parsed {
  const flags: Flags = { ...noFlags, m: options.multiline === true };
  try {
    let text = new PatternText(source);
    let pattern = readChoice(text, flags, 0);
    if (text.globalFlags.x === true && !flags.x) {
      // Python too reads once more when it finds out that blanks do not count.
      text = new PatternText(source);
      pattern = readChoice(text, { ...flags, x: true }, 0);
    }
    if (text.peek() !== '') throw new PatternError('unbalanced parenthesis', text.at);
    text.checkReferences();
    return { ok: true, pattern, names: text.names, groups: text.groups };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return { ok: false, says: error.message, at: error.at };
  }
}

/** `a|b|c`, up to a closing parenthesis or the end. */
function readChoice(text: PatternText, flags: Flags, depth: number): Pattern {
  const branches: Pattern[] = [];
  do {
    branches.push(readSequence(text, flags, depth, depth === 0 && branches.length === 0));
  } while (text.take('|'));
  return branches.length === 1 ? (branches[0] ?? nothing) : { kind: 'choice', branches };
}

function readSequence(text: PatternText, outer: Flags, depth: number, first: boolean): Pattern {
  let flags = outer;
  const items: Pattern[] = [];
  for (;;) {
    const start = text.at;
    const next = text.peek();
    if (next === '' || next === '|' || next === ')') break;
    text.skip();
    if (flags.x && (/[ \t\n\r\v\f]/.test(next) || next === '#')) {
      if (next === '#') text.skipComment();
      continue;
    }
    if (next === '\\') items.push(readEscape(text, flags));
    else if (next === '[') items.push(readSet(text, flags));
    else if (next === '.') items.push({ kind: 'any', newline: flags.s });
    else if (next === '^') items.push({ kind: 'edge', at: flags.m ? 'line-start' : 'start', ascii: false });
    else if (next === '$') items.push({ kind: 'edge', at: flags.m ? 'line-end' : 'end', ascii: false });
    else if (next === '(') {
      const group = readGroup(text, flags, start, first && items.length === 0, (inner) =>
        readChoice(text, inner, depth + 1),
      );
      if (group.kind === 'flags') flags = group.flags;
      else if (group.kind === 'pattern') items.push(group.pattern);
    } else if (next === '*' || next === '+' || next === '?' || next === '{') {
      const repeat = readQuantifier(text, next, start, items.at(-1));
      if (repeat === undefined) items.push(literal(next, flags));
      else items.splice(-1, 1, repeat);
    } else items.push(literal(next, flags));
  }
  return items.length === 1 ? (items[0] ?? nothing) : { kind: 'sequence', items };
}

function literal(character: string, flags: Flags): Pattern {
  return { kind: 'literal', code: character.codePointAt(0) ?? 0, ignoreCase: flags.i, ascii: flags.a };
}
