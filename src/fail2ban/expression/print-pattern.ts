/**
 * Prints a pattern for V8, with Python's meaning. There are two printings: for text of ASCII alone, which
 * almost every line is, and for any other, with the flag `u` and Python's Unicode classes spelt out.
 *
 * Open questions must have been settled (settle-questions.ts). A group that was doubled on that way is
 * several groups here, of which at most one is set.
 */
import { acceptedBy, type Accepted } from './code-ranges.ts';
import { groupsIn, mayBeEmpty } from './group-facts.ts';
import type { ClassLetter, Edge, Pattern, Repeat } from './pattern.ts';

export interface Printed {
  readonly source: string;
  readonly flags: string;
  /** For each of Python's groups, counted from 1, the numbers of V8's. */
  readonly groups: readonly (readonly number[])[];
}

export function printPattern(pattern: Pattern, asciiText: boolean): Printed {
  const groups: number[][] = [];
  let count = 0;
  const print = (node: Pattern): string => {
    switch (node.kind) {
      case 'sequence':
        return node.items
          .map((item) => (item.kind === 'choice' ? `(?:${print(item)})` : print(item)))
          .join('');
      case 'choice':
        return node.branches.map(print).join('|');
      case 'literal':
        if (!node.ignoreCase && node.code < 0x80) return printCode(node.code, false);
        return printAccepted(acceptedBy(node, asciiText), asciiText);
      case 'set':
        return printAccepted(acceptedBy(node, asciiText), asciiText);
      case 'any':
        return node.newline ? '[^]' : '[^\\n]';
      case 'edge':
        return printEdge(node.at, asciiText || node.ascii);
      case 'group': {
        count += 1;
        (groups[node.number - 1] ??= []).push(count);
        return `(${print(node.body)})`;
      }
      case 'reference':
        // Those of its groups that are not set match nothing, as V8 has it. A digit may follow.
        return `(?:${(groups[Math.abs(node.number) - 1] ?? []).map((number) => `\\${number}`).join('')})`;
      case 'look':
        return `(?${node.ahead ? '' : '<'}${node.negated ? '!' : '='}${print(node.body)})`;
      case 'repeat':
        return printRepeat(node, print);
      default:
        throw new Error(`a ${node.kind} cannot be printed`);
    }
  };
  const source = print(pattern);
  return { source: source === '' ? '(?:)' : source, flags: asciiText ? '' : 'u', groups };
}

function printRepeat(node: Repeat, print: (node: Pattern) => string): string {
  const body = print(node.body);
  // V8 takes back an optional group that has matched nothing; Python keeps it.
  if (node.most === 1 && node.least === 0 && mayBeEmpty(node.body) && groupsIn(node.body).length > 0) {
    return node.style === 'lazy' ? `(?:|${body})` : `(?:${body}|)`;
  }
  const { kind } = node.body;
  const isOne = kind === 'literal' || kind === 'any' || kind === 'set' || kind === 'group';
  return `${isOne ? body : `(?:${body})`}${quantifier(node)}${node.style === 'lazy' ? '?' : ''}`;
}

function quantifier({ least, most }: Repeat): string {
  if (most === Number.POSITIVE_INFINITY) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  if (least === 0 && most === 1) return '?';
  return least === most ? `{${least}}` : `{${least},${most}}`;
}

const word = '\\p{L}\\p{N}_';

function printEdge(at: Edge, ascii: boolean): string {
  switch (at) {
    case 'start':
      return '^';
    case 'text-end':
      return '$';
    case 'end':
      return '(?=\\n?$)';
    case 'line-start':
      return '(?:^|(?<=\\n))';
    case 'line-end':
      return '(?=\\n|$)';
    case 'word':
      return ascii ? '\\b' : `(?:(?<=[${word}])(?![${word}])|(?<![${word}])(?=[${word}]))`;
    default:
      return ascii ? '\\B' : `(?:(?<=[${word}])(?=[${word}])|(?<![${word}])(?![${word}]))`;
  }
}

function printAccepted({ negated, ranges, classes, ascii }: Accepted, asciiText: boolean): string {
  const plainClasses = ascii || asciiText;
  const [range] = ranges;
  const [only] = classes;
  if (
    ranges.length === 1 &&
    classes.length === 0 &&
    !negated &&
    range !== undefined &&
    range[0] === range[1]
  ) {
    return printCode(range[0], false);
  }
  if (ranges.length === 0 && classes.length === 1 && only !== undefined && !negated) {
    const alone = aloneClass(only, plainClasses, ascii && !asciiText);
    if (alone !== undefined) return alone;
  }
  const inside = [
    ...classes.map((letter) => classInside(letter, plainClasses, ascii && !asciiText)),
    ...ranges.map(([from, to]) =>
      from === to ? printCode(from, true) : `${printCode(from, true)}-${printCode(to, true)}`,
    ),
  ].join('');
  return `[${negated ? '^' : ''}${inside}]`;
}

/** The shortest form, which V8 knows best. */
function aloneClass(letter: ClassLetter, plain: boolean, asciiOnly: boolean): string | undefined {
  if (plain && !asciiOnly && 'dDwW'.includes(letter)) return `\\${letter}`;
  return undefined;
}

/** Python's blanks, which are str.isspace(). */
const spaces = '\\t-\\r\\x1c-\\x20';
const moreSpaces = '\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const notSpaces =
  '\\0-\\x08\\x0e-\\x1b\\x21-\\x84\\x86-\\x9f\\xa1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\u{10ffff}';

function classInside(letter: ClassLetter, plain: boolean, asciiOnly: boolean): string {
  if (letter === 's') return !plain ? `${spaces}${moreSpaces}` : asciiOnly ? '\\t-\\r\\x20' : spaces;
  if (letter === 'S') {
    if (!plain) return notSpaces;
    return asciiOnly ? '\\0-\\x08\\x0e-\\x1f\\x21-\\u{10ffff}' : '\\0-\\x08\\x0e-\\x1b\\x21-\\x7f';
  }
  if (plain) return `\\${letter}`;
  return { d: '\\p{Nd}', D: '\\P{Nd}', w: word, W: notWord }[letter];
}

/** All that is neither a letter, a number nor an underscore: the other general categories, one by one. */
const notWord =
  '\\p{M}\\p{Pd}\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}\\p{Po}\\p{S}\\p{Z}\\p{C}\\u203f\\u2040\\u2054\\ufe33\\ufe34\\ufe4d-\\ufe4f\\uff3f';

function printCode(code: number, inSet: boolean): string {
  if (code >= 0x80)
    return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
  const text = String.fromCharCode(code);
  if (/[A-Za-z0-9]/.test(text)) return text;
  if (inSet ? /[\\\]^[-]/.test(text) : /[\\^$.*+?()[\]{}|/]/.test(text)) return `\\${text}`;
  return code > 0x20 || (code === 0x20 && !inSet) ? text : `\\x${code.toString(16).padStart(2, '0')}`;
}
