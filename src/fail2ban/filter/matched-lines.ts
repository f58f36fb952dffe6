/**
 * Which of the lines that were searched together a match is made of, and which are left: those before and
 * behind it, and those that `<SKIPLINES>` skipped.
 */
import type { Expression, Match } from '../expression/expression.ts';
import { type LineParts, withoutDate } from './line-parts.ts';

export interface Share {
  readonly matched: readonly LineParts[];
  readonly left: readonly LineParts[];
}

export function matchedLines(
  match: Match,
  text: string,
  lines: readonly LineParts[],
  expression: Expression,
): Share {
  if (lines.length <= 1) return { matched: lines, left: [] };
  const from = match.start === -1 ? 0 : text.lastIndexOf('\n', match.start) + 1;
  const newline = match.end === 0 ? -1 : text.indexOf('\n', match.end - 1);
  const to = newline === -1 ? text.length : newline + 1;
  const [first, behind] = [newlines(text, from), newlines(text, to)];
  const matched = lines.slice(first, behind);
  const left = lines.slice(0, first);
  let place = 0;
  for (const skipped of skippedLines(match, expression)) {
    const found = matched.slice(place).findIndex((line) => withoutDate(line) === skipped);
    if (found === -1) continue;
    left.push(...matched.splice(place + found, 1));
    place += found;
  }
  left.push(...lines.slice(behind));
  return { matched, left };
}

function newlines(text: string, before: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < before; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function skippedLines(match: Match, { names }: Expression): string[] {
  let text = '';
  for (let count = 0; names.has(`skiplines${count}`); count += 1) {
    text += match.group(names.get(`skiplines${count}`) ?? -1) ?? '';
  }
  // As Python's splitlines(): the end of the last line begins no further one.
  // oxlint-disable-next-line no-control-regex -- Python counts them among the ends of lines
  const lines = text.split(/\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
