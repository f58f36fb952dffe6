/** How often the item before it: `*`, `+`, `?`, `{n}`, `{n,}`, `{,m}`, `{n,m}`, each plain, lazy or possessive. */
import type { Pattern } from './pattern.ts';
import { PatternError, type PatternText } from './pattern-text.ts';

/** Behind its first character; undefined where a brace turns out to be just a brace. */
export function readQuantifier(
  text: PatternText,
  first: string,
  start: number,
  body: Pattern | undefined,
): Pattern | undefined {
  const counted = first === '{' ? readCounts(text, start) : undefined;
  if (first === '{' && counted === undefined) return undefined;
  const [least, most] = counted ?? [first === '+' ? 1 : 0, first === '?' ? 1 : Number.POSITIVE_INFINITY];
  if (body === undefined || body.kind === 'edge') throw new PatternError('nothing to repeat', start);
  if (body.kind === 'repeat') throw new PatternError('multiple repeat', start);
  const style = text.take('?') ? 'lazy' : text.take('+') ? 'possessive' : 'greedy';
  return { kind: 'repeat', least, most, style, body };
}

function readCounts(text: PatternText, start: number): readonly [number, number] | undefined {
  const behind = text.at;
  if (text.peek() === '}') return undefined;
  const low = text.takeWhile(/[0-9]/);
  const high = text.take(',') ? text.takeWhile(/[0-9]/) : low;
  if (!text.take('}')) {
    text.at = behind;
    return undefined;
  }
  const least = low === '' ? 0 : Number(low);
  const most = high === '' ? Number.POSITIVE_INFINITY : Number(high);
  if (most < least) throw new PatternError('min repeat greater than max repeat', start + 1);
  if (least >= 0xffff_ffff || (most !== Number.POSITIVE_INFINITY && most >= 0xffff_ffff)) {
    throw new PatternError('the repetition number is too large', start);
  }
  return [least, most];
}
