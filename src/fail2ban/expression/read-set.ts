/** A set of characters, `[…]`. A bracket that closes stands for itself when it comes first. */
import type { Pattern, SetItem } from './pattern.ts';
import { type Flags, PatternError, type PatternText } from './pattern-text.ts';
import { classLetter, readCharacter } from './read-escape.ts';

/** Behind the opening bracket. */
export function readSet(text: PatternText, flags: Flags): Pattern {
  const start = text.at - 1;
  const negated = text.take('^');
  const items: SetItem[] = [];
  for (let first = true; ; first = false) {
    if (text.peek() === '') throw new PatternError('unterminated character set', start);
    if (text.peek() === ']' && !first) {
      text.skip();
      return { kind: 'set', negated, items, ignoreCase: flags.i, ascii: flags.a };
    }
    const at = text.at;
    const from = readItem(text);
    if (text.peek() !== '-') {
      items.push(from);
      continue;
    }
    text.skip();
    if (text.peek() === ']') {
      items.push(from, single(0x2d));
      continue;
    }
    if (text.peek() === '') throw new PatternError('unterminated character set', start);
    const to = readItem(text);
    if (!('from' in from) || !('from' in to) || to.from < from.from) {
      throw new PatternError('bad character range', at);
    }
    items.push({ from: from.from, to: to.from });
  }
}

function readItem(text: PatternText): SetItem {
  const at = text.at;
  const next = text.peek();
  text.skip();
  if (next !== '\\') return single(next.codePointAt(0) ?? 0);
  const found = classLetter(text.peek());
  if (found !== undefined) {
    text.skip();
    return { class: found };
  }
  if (text.take('b')) return single(8);
  // A digit is octal here: a set has no references.
  if (/[0-7]/.test(text.peek())) {
    const code = Number.parseInt(text.takeWhile(/[0-7]/, 3), 8);
    if (code > 0o377) throw new PatternError('octal escape value outside of range 0-0o377', at);
    return single(code);
  }
  return single(readCharacter(text, at));
}

function single(code: number): SetItem {
  return { from: code, to: code };
}
