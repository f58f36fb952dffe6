/** What an opening parenthesis begins: a group of any kind, a look, a conditional, flags, a comment. */
import { fixedWidth } from './fixed-width.ts';
import { type Pattern, nothing } from './pattern.ts';
import { type Flags, PatternError, type PatternText } from './pattern-text.ts';

export type Group =
  | { readonly kind: 'pattern'; readonly pattern: Pattern }
  | { readonly kind: 'flags'; readonly flags: Flags }
  | { readonly kind: 'comment' };

type ReadInner = (flags: Flags) => Pattern;

/** Behind the parenthesis, which is at `start`. `first`: nothing stands before it in the whole expression. */
export function readGroup(
  text: PatternText,
  flags: Flags,
  start: number,
  first: boolean,
  readInner: ReadInner,
): Group {
  if (!text.take('?')) return captured(text, undefined, start, flags, readInner);
  const at = text.at;
  if (text.take('P<')) {
    const name = text.takeUntil('>', 'group name');
    checkName(name, at + 2);
    return captured(text, name, start, flags, readInner);
  }
  if (text.take('P=')) {
    const name = text.takeUntil(')', 'group name');
    checkName(name, at + 2);
    const number = text.closedGroup(named(text, name, at + 2), at + 2);
    return pattern({ kind: 'reference', number, ignoreCase: flags.i });
  }
  if (text.take(':')) return pattern(oneItem(closed(text, start, () => readInner(flags))));
  if (text.take('>')) {
    return pattern({ kind: 'atomic', body: closed(text, start, () => readInner(flags)) });
  }
  if (text.take('#')) {
    while (text.peek() !== ')') {
      if (text.peek() === '') throw new PatternError('missing ), unterminated comment', start);
      text.skip();
    }
    text.skip();
    return { kind: 'comment' };
  }
  if (text.take('(')) return pattern(conditional(text, start, flags, readInner));
  for (const [mark, ahead, negated] of looks) {
    if (!text.take(mark)) continue;
    const body = closed(text, start, () => readInner(flags));
    if (!ahead && fixedWidth(body) === undefined) {
      throw new PatternError('look-behind requires fixed-width pattern', start);
    }
    return pattern({ kind: 'look', ahead, negated, body });
  }
  if (/[aiLmsux-]/.test(text.peek())) return flagged(text, flags, start, first, readInner);
  throw new PatternError(`unknown extension ?${text.peek()}`, start + 1);
}

const looks = [
  ['=', true, false],
  ['!', true, true],
  ['<=', false, false],
  ['<!', false, true],
] as const;

function captured(
  text: PatternText,
  name: string | undefined,
  start: number,
  flags: Flags,
  readInner: ReadInner,
): Group {
  const number = text.openGroup(name, name === undefined ? start : start + 4);
  const body = closed(text, start, () => readInner(flags));
  text.closeGroup(number);
  return pattern({ kind: 'group', number, body });
}

function conditional(text: PatternText, start: number, flags: Flags, readInner: ReadInner): Pattern {
  const at = text.at;
  const name = text.takeUntil(')', 'group name');
  let number: number;
  if (/^[0-9]+$/.test(name)) {
    if (Number(name) === 0) throw new PatternError('bad group number', at);
    number = text.laterGroup(Number(name), at);
  } else {
    checkName(name, at);
    number = named(text, name, at);
  }
  const body = closed(text, start, () => readInner(flags));
  if (body.kind !== 'choice') return { kind: 'conditional', number, yes: body, no: nothing };
  const [yes = nothing, no = nothing, ...more] = body.branches;
  if (more.length > 0) throw new PatternError('conditional backref with more than two branches', start);
  return { kind: 'conditional', number, yes, no };
}

/** `(?i)` for all of it, `(?i-s:…)` for what is inside. */
function flagged(
  text: PatternText,
  flags: Flags,
  start: number,
  first: boolean,
  readInner: ReadInner,
): Group {
  const on = text.takeWhile(/[aiLmsux]/);
  if (on.includes('L'))
    throw new PatternError("bad inline flags: cannot use 'L' flag with a str pattern", text.at);
  if (on.includes('a') && on.includes('u')) {
    throw new PatternError("bad inline flags: flags 'a', 'u' and 'L' are incompatible", text.at);
  }
  const off = text.take('-') ? text.takeWhile(/[imsx]/) : undefined;
  if (off === '') throw new PatternError('missing flag', text.at);
  if (Array.from(off ?? '').some((flag) => on.includes(flag))) {
    throw new PatternError('bad inline flags: flag turned on and off', text.at);
  }
  const set: Record<string, boolean> = {};
  for (const flag of on) if (flag !== 'u') set[flag] = true;
  for (const flag of off ?? '') set[flag] = false;
  if (on.includes('u')) set['a'] = false;
  const changed = { ...flags, ...set };
  if (text.take(')')) {
    if (off !== undefined) throw new PatternError('missing :', text.at - 1);
    if (!first) throw new PatternError('global flags not at the start of the expression', start);
    text.globalFlags = { ...text.globalFlags, ...set };
    return { kind: 'flags', flags: changed };
  }
  if (!text.take(':')) {
    throw new PatternError(text.peek() === '' ? 'missing -, : or )' : 'unknown flag', text.at);
  }
  return pattern(oneItem(closed(text, start, () => readInner(changed))));
}

/** A quantifier behind the parenthesis is for all of it, and its alternatives end with it. */
function oneItem(body: Pattern): Pattern {
  const isOpen = body.kind === 'edge' || body.kind === 'repeat' || body.kind === 'choice';
  return isOpen ? { kind: 'sequence', items: [body] } : body;
}

function closed(text: PatternText, start: number, read: () => Pattern): Pattern {
  const body = read();
  if (!text.take(')')) throw new PatternError('missing ), unterminated subpattern', start);
  return body;
}

function checkName(name: string, at: number): void {
  if (!/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name)) {
    throw new PatternError(`bad character in group name '${name}'`, at);
  }
}

function named(text: PatternText, name: string, at: number): number {
  const number = text.names.get(name);
  if (number === undefined) throw new PatternError(`unknown group name '${name}'`, at);
  return number;
}

function pattern(found: Pattern): Group {
  return { kind: 'pattern', pattern: found };
}
