/**
 * Matches by walking the tree, as Python's sre does: for the few patterns whose meaning cannot be printed
 * for V8 (conditionals in loops, atomic groups, groups that loops keep). Slow, and exact; the tests hold
 * the printed patterns against it.
 */
import { acceptedBy, type Accepted } from './code-ranges.ts';
import { lowerCase } from './case-fellows.ts';
import type { ClassLetter, Edge, Pattern, Repeat } from './pattern.ts';

/** Start and end of each group in UTF-16 units, the whole match first; -1 where a group is not set. */
export type Spans = readonly number[];

type Continue = (at: number) => boolean;

export function walkPattern(pattern: Pattern, groups: number, text: string, from = 0): Spans | undefined {
  const walker = new Walker(text, groups);
  for (let start = from; start <= text.length; start += 1) {
    // Not in the middle of a character.
    if (start > 0 && isLow(text, start)) continue;
    const spans = walker.match(pattern, start);
    if (spans !== undefined) return spans;
  }
  return undefined;
}

class Walker {
  readonly #text: string;
  readonly #spans: number[];
  readonly #accepted = new Map<Pattern, Accepted>();

  constructor(text: string, groups: number) {
    this.#text = text;
    this.#spans = Array.from({ length: (groups + 1) * 2 }, () => -1);
  }

  match(pattern: Pattern, start: number): Spans | undefined {
    this.#spans.fill(-1);
    this.#spans[0] = start;
    const found = this.#walk(pattern, start, (at) => {
      this.#spans[1] = at;
      return true;
    });
    return found ? [...this.#spans] : undefined;
  }

  #walk(pattern: Pattern, at: number, next: Continue): boolean {
    switch (pattern.kind) {
      case 'sequence':
        return this.#items(pattern.items, 0, at, next);
      case 'choice':
        return pattern.branches.some((branch) => this.#walk(branch, at, next));
      case 'literal':
      case 'set':
      case 'any': {
        const after = this.#one(pattern, at);
        return after !== -1 && next(after);
      }
      case 'edge':
        return this.#isAt(pattern.at, pattern.ascii, at) && next(at);
      case 'group':
        return this.#group(pattern.number, pattern.body, at, next);
      case 'reference':
        return this.#reference(pattern.number, pattern.ignoreCase, at, next);
      case 'look':
        return this.#look(pattern, at, next);
      case 'conditional':
        return this.#walk(this.#isSet(pattern.number) ? pattern.yes : pattern.no, at, next);
      case 'atomic':
        return this.#alone(pattern.body, at, next);
      default:
        if (pattern.style === 'possessive') return this.#alone({ ...pattern, style: 'greedy' }, at, next);
        return this.#repeat(pattern, at, next);
    }
  }

  #items(items: readonly Pattern[], place: number, at: number, next: Continue): boolean {
    const item = items[place];
    return item === undefined
      ? next(at)
      : this.#walk(item, at, (after) => this.#items(items, place + 1, after, next));
  }

  #group(number: number, body: Pattern, at: number, next: Continue): boolean {
    return this.#walk(body, at, (after) => {
      const [from, to] = [this.#spans[number * 2] ?? -1, this.#spans[number * 2 + 1] ?? -1];
      this.#spans[number * 2] = at;
      this.#spans[number * 2 + 1] = after;
      if (next(after)) return true;
      this.#spans[number * 2] = from;
      this.#spans[number * 2 + 1] = to;
      return false;
    });
  }

  #isSet(number: number): boolean {
    return (this.#spans[number * 2 + 1] ?? -1) !== -1;
  }

  #reference(number: number, ignoreCase: boolean, at: number, next: Continue): boolean {
    const group = Math.abs(number);
    if (!this.#isSet(group)) return false;
    const wanted = this.#text.slice(this.#spans[group * 2], this.#spans[group * 2 + 1]);
    const found = this.#text.slice(at, at + wanted.length);
    const isSame = ignoreCase ? lowered(found) === lowered(wanted) : found === wanted;
    return isSame && next(at + wanted.length);
  }

  #look(pattern: Extract<Pattern, { kind: 'look' }>, at: number, next: Continue): boolean {
    const kept = [...this.#spans];
    let found = false;
    if (pattern.ahead) found = this.#walk(pattern.body, at, () => true);
    // Its width is fixed in characters, of which each is one unit or two.
    else
      for (let start = at; start >= 0 && !found; start -= 1) {
        found = this.#walk(pattern.body, start, (after) => after === at);
      }
    if (!found || pattern.negated) this.#restore(kept);
    if (found === pattern.negated) return false;
    if (next(at)) return true;
    this.#restore(kept);
    return false;
  }

  /** Its first way of matching, and no other. */
  #alone(body: Pattern, at: number, next: Continue): boolean {
    const kept = [...this.#spans];
    let end = -1;
    const found = this.#walk(body, at, (after) => {
      end = after;
      return true;
    });
    if (found && next(end)) return true;
    this.#restore(kept);
    return false;
  }

  #restore(spans: readonly number[]): void {
    for (let place = 0; place < spans.length; place += 1) this.#spans[place] = spans[place] ?? -1;
  }

  #repeat(pattern: Repeat, at: number, next: Continue): boolean {
    const { body, least, most, style } = pattern;
    if (body.kind === 'literal' || body.kind === 'set' || body.kind === 'any') {
      return this.#repeatOne(pattern, body, at, next);
    }
    const round = (count: number, from: number, last: number): boolean => {
      if (count < least) return this.#walk(body, from, (after) => round(count + 1, after, last));
      const again = (): boolean =>
        count < most && from !== last && this.#walk(body, from, (after) => round(count + 1, after, from));
      return style === 'lazy' ? next(from) || again() : again() || next(from);
    };
    return round(0, at, -1);
  }

  /** Of one character: a loop, not a recursion. */
  #repeatOne({ least, most, style }: Repeat, body: One, at: number, next: Continue): boolean {
    const ends = [at];
    const grow = (): boolean => {
      const after = this.#one(body, ends.at(-1) ?? at);
      if (after !== -1) ends.push(after);
      return after !== -1;
    };
    while (ends.length - 1 < least) if (!grow()) return false;
    if (style === 'lazy') {
      for (;;) {
        if (next(ends.at(-1) ?? at)) return true;
        if (ends.length - 1 >= most || !grow()) return false;
      }
    }
    while (ends.length - 1 < most && grow());
    for (; ends.length - 1 >= least; ends.pop()) if (next(ends.at(-1) ?? at)) return true;
    return false;
  }

  /** Where the character at a place ends, if it is accepted; or -1. */
  #one(pattern: One, at: number): number {
    const code = this.#text.codePointAt(at);
    if (code === undefined) return -1;
    const after = at + (code > 0xffff ? 2 : 1);
    if (pattern.kind === 'any') return pattern.newline || code !== 0x0a ? after : -1;
    let accepted = this.#accepted.get(pattern);
    if (accepted === undefined) {
      accepted = acceptedBy(pattern, false);
      this.#accepted.set(pattern, accepted);
    }
    return isAccepted(accepted, code) ? after : -1;
  }

  #isAt(edge: Edge, ascii: boolean, at: number): boolean {
    const text = this.#text;
    switch (edge) {
      case 'start':
        return at === 0;
      case 'text-end':
        return at === text.length;
      case 'end':
        return at === text.length || (at === text.length - 1 && text[at] === '\n');
      case 'line-start':
        return at === 0 || text[at - 1] === '\n';
      case 'line-end':
        return at === text.length || text[at] === '\n';
      default: {
        const before = at > 0 && isWord(characterBefore(text, at), ascii);
        const behind = at < text.length && isWord(String.fromCodePoint(text.codePointAt(at) ?? 0), ascii);
        return (before !== behind) === (edge === 'word');
      }
    }
  }
}

type One = Extract<Pattern, { kind: 'literal' | 'set' | 'any' }>;

function isAccepted({ negated, ranges, classes, ascii }: Accepted, code: number): boolean {
  const found =
    ranges.some(([from, to]) => code >= from && code <= to) ||
    classes.some((letter) => isOfClass(letter, String.fromCodePoint(code), ascii));
  return found !== negated;
}

function isOfClass(letter: ClassLetter, character: string, ascii: boolean): boolean {
  switch (letter) {
    case 'd':
      return ascii ? /[0-9]/.test(character) : /\p{Nd}/u.test(character);
    case 's':
      return ascii
        ? /[ \t-\r]/.test(character)
        : // oxlint-disable-next-line no-control-regex -- Python counts them among the blanks
          /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(character);
    case 'w':
      return isWord(character, ascii);
    default:
      return !isOfClass(letter.toLowerCase() as ClassLetter, character, ascii);
  }
}

function isWord(character: string, ascii: boolean): boolean {
  return ascii ? /[A-Za-z0-9_]/.test(character) : /[\p{L}\p{N}_]/u.test(character);
}

function characterBefore(text: string, at: number): string {
  return at > 1 && isLow(text, at - 1) ? text.slice(at - 2, at) : text.slice(at - 1, at);
}

function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000;
}

function lowered(text: string): string {
  return Array.from(text, (each) => String.fromCodePoint(lowerCase(each.codePointAt(0) ?? 0, false))).join(
    '',
  );
}
