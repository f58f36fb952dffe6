/** What a backslash begins: a class, an edge, a reference or one character. */
import type { ClassLetter, Edge, Pattern } from './pattern.ts';
import { type Flags, PatternError, type PatternText } from './pattern-text.ts';

const edges: Readonly<Record<string, Edge>> = { A: 'start', Z: 'text-end', b: 'word', B: 'no-word' };

const characters: Readonly<Record<string, number>> = {
  a: 7,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
};

/** Behind the backslash, outside of a set. */
export function readEscape(text: PatternText, flags: Flags): Pattern {
  const at = text.at - 1;
  const letter = text.peek();
  const edge = edges[letter];
  if (edge !== undefined) {
    text.skip();
    return { kind: 'edge', at: edge, ascii: flags.a };
  }
  const found = classLetter(letter);
  if (found !== undefined) {
    text.skip();
    return { kind: 'set', negated: false, items: [{ class: found }], ignoreCase: false, ascii: flags.a };
  }
  if (/[1-9]/.test(letter)) {
    const digits = text.takeWhile(/[0-9]/, 2);
    const isOctal = /^[0-3][0-7]$/.test(digits) && /[0-7]/.test(text.peek());
    if (!isOctal) {
      return { kind: 'reference', number: text.closedGroup(Number(digits), at), ignoreCase: flags.i };
    }
    const code = Number.parseInt(digits + text.peek(), 8);
    text.skip();
    return { kind: 'literal', code, ignoreCase: flags.i, ascii: flags.a };
  }
  return { kind: 'literal', code: readCharacter(text, at), ignoreCase: flags.i, ascii: flags.a };
}

export function classLetter(letter: string): ClassLetter | undefined {
  return letter !== '' && 'dDsSwW'.includes(letter) ? (letter as ClassLetter) : undefined;
}

/** One character, in or outside of a set. `at` is the backslash. */
export function readCharacter(text: PatternText, at: number): number {
  const letter = text.peek();
  if (letter === '') throw new PatternError('bad escape (end of pattern)', at);
  text.skip();
  const known = characters[letter];
  if (known !== undefined) return known;
  const length = { x: 2, u: 4, U: 8 }[letter];
  if (length !== undefined) {
    const digits = text.takeWhile(/[0-9a-fA-F]/, length);
    const code = Number.parseInt(digits, 16);
    if (digits.length < length) throw new PatternError(`incomplete escape \\${letter}${digits}`, at);
    if (code > 0x10ffff) throw new PatternError(`bad escape \\${letter}${digits}`, at);
    return code;
  }
  if (letter === '0') return Number.parseInt(`0${text.takeWhile(/[0-7]/, 2)}`, 8);
  if (/[a-zA-Z1-9]/.test(letter)) throw new PatternError(`bad escape \\${letter}`, at);
  return letter.codePointAt(0) ?? 0;
}
