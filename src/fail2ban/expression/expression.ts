/**
 * An expression of Python's `re`, ready to search: printed for V8 where V8 can mean the same, walked
 * otherwise. Positions are UTF-16 units; groups that are not set are undefined.
 */
import { dropGroups, referredGroups } from './drop-groups.ts';
import { fixedWidth } from './fixed-width.ts';
import { flattenLoops } from './flatten-loops.ts';
import { surelySetsOne } from './group-facts.ts';
import { loopsAgree } from './loops.ts';
import { type ParseOptions, parsePattern } from './parse-pattern.ts';
import type { Pattern } from './pattern.ts';
import { printPattern } from './print-pattern.ts';
import { requiredLiterals } from './required-literals.ts';
import { settleQuestions } from './settle-questions.ts';
import { walkPattern } from './walk-pattern.ts';

export interface Expression {
  readonly source: string;
  /** Group names in the order of their numbers. */
  readonly names: ReadonlyMap<string, number>;
  /** How it is matched; `walked` is slow. */
  readonly by: 'v8' | 'walk';
  /** One of these is in every text that it matches; undefined if none is certain. */
  readonly literals: readonly string[] | undefined;
  /** `asciiText`: the text is known to be ASCII alone. `from`: where to begin; what is before can still be seen. */
  search(text: string, asciiText?: boolean, from?: number): Match | undefined;
  /** Group 1 ends where the match ends, so that its place needs no second look. */
  readonly endsWithFirst: boolean;
  /** Whether every match sets one of these groups. */
  alwaysSetsOne(names: readonly string[]): boolean;
  /** Where its first match ends, and nothing else; -1 if it matches nowhere. */
  endOf(text: string, asciiText: boolean): number;
  /** Whether it matches, and nothing else. */
  test(text: string, asciiText: boolean): boolean;
  /**
   * The same for some of its groups alone. `until` names a group that takes the rest of the line: where that
   * begins, this ends. Undefined where that cannot be had.
   */
  narrow(names: readonly string[], until?: string): Narrow | undefined;
}

/** Finds the first match in a text whose only newline is at its end. */
export interface Narrow {
  test(text: string, asciiText: boolean): boolean;
  /** Null if there is none. */
  exec(text: string, asciiText: boolean): RegExpExecArray | null;
  /** Where the last match ended. */
  end(asciiText: boolean): number;
  /** Of each name that was asked for, the groups of V8 of which at most one is set. */
  readonly numbers: ReadonlyMap<string, readonly number[]>;
}

export interface Match {
  readonly start: number;
  readonly end: number;
  group(number: number): string | undefined;
  /** Start and end of a group. */
  span(number: number): readonly [number, number] | undefined;
}

export type Compiled =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly says: string; readonly at: number };

/** Longer sources are refused: a filter's longest are a few kilobytes. */
const longestSource = 65_536;

export interface ExpressionOptions extends ParseOptions {
  /** Groups without a name can be left out. */
  readonly namedOnly?: boolean;
}

export function compileExpression(source: string, options: ExpressionOptions = {}): Compiled {
  if (source.length > longestSource) {
    return {
      ok: false,
      says: `needs at most ${longestSource} characters: has ${source.length}`,
      at: longestSource,
    };
  }
  const parsed = parsePattern(source, options);
  if (!parsed.ok) return parsed;
  const wanted = new Set([...parsed.names.values(), ...referredGroups(parsed.pattern)]);
  const pattern = options.namedOnly === true ? dropGroups(parsed.pattern, wanted) : parsed.pattern;
  const flat = flattenLoops(pattern);
  const settled = loopsAgree(flat) ? settleQuestions(flat) : undefined;
  const about = {
    source,
    names: parsed.names,
    literals: requiredLiterals(parsed.pattern),
    endsWithFirst: firstIsLast(parsed.pattern),
    alwaysSetsOne: (names: readonly string[]) =>
      surelySetsOne(parsed.pattern, new Set(names.flatMap((name) => parsed.names.get(name) ?? []))),
  };
  const expression = settled === undefined ? walked(about, pattern, parsed.groups) : printed(about, settled);
  return { ok: true, expression };
}

type About = Pick<Expression, 'source' | 'names' | 'literals' | 'endsWithFirst' | 'alwaysSetsOne'>;

function firstIsLast(pattern: Pattern): boolean {
  const items = pattern.kind === 'sequence' ? pattern.items : [pattern];
  const place = items.findIndex((item) => item.kind === 'group' && item.number === 1);
  return place !== -1 && items.slice(place + 1).every((item) => fixedWidth(item) === 0);
}

function walked(about: About, pattern: Pattern, groups: number): Expression {
  const search = (text: string, _ascii?: boolean, start = 0): Match | undefined => {
    const spans = walkPattern(pattern, groups, text, start);
    if (spans === undefined) return undefined;
    const span = (number: number): readonly [number, number] | undefined => {
      const [from = -1, to = -1] = [spans[number * 2], spans[number * 2 + 1]];
      return to === -1 ? undefined : [from, to];
    };
    return {
      start: spans[0] ?? 0,
      end: spans[1] ?? 0,
      span,
      group: (number) => {
        const found = span(number);
        return found === undefined ? undefined : text.slice(...found);
      },
    };
  };
  return {
    ...about,
    by: 'walk',
    search,
    endOf: (text) => search(text)?.end ?? -1,
    test: (text) => search(text) !== undefined,
    narrow: () => undefined,
  };
}

interface Printing {
  readonly plain: RegExp;
  /** The same without the groups that nothing in it refers to. */
  readonly ungrouped: () => RegExp;
  /** The same, which begins at its lastIndex. */
  readonly fromIndex: () => RegExp;
  /** The same, which tells where each group is: slower, and seldom asked for. */
  readonly indexed: () => RegExp;
  readonly groups: readonly (readonly number[])[];
}

function printed(about: About, pattern: Pattern): Expression {
  const printing = (asciiText: boolean): (() => Printing) => {
    let made: Printing | undefined;
    return () => {
      if (made !== undefined) return made;
      const { source, flags, groups } = printPattern(pattern, asciiText);
      let indexed: RegExp | undefined;
      let fromIndex: RegExp | undefined;
      let ungrouped: RegExp | undefined;
      made = {
        plain: new RegExp(source, flags),
        ungrouped: () => (ungrouped ??= withoutGroups(pattern, asciiText)),
        fromIndex: () => (fromIndex ??= new RegExp(source, `${flags}g`)),
        indexed: () => (indexed ??= new RegExp(source, `${flags}dg`)),
        groups,
      };
      return made;
    };
  };
  const forAscii = printing(true);
  const forAny = printing(false);
  // Asked for every line of a log: no closures on the way.
  let asciiEnd: RegExp | undefined;
  return {
    ...about,
    by: 'v8',
    search: (text, asciiText = isAscii(text), from = 0) => {
      const { plain, fromIndex, indexed, groups } = (asciiText ? forAscii : forAny)();
      const regex = from === 0 ? plain : fromIndex();
      regex.lastIndex = from;
      const found = regex.exec(text);
      return found === null ? undefined : new V8Match(text, found, indexed, groups, about.endsWithFirst);
    },
    endOf: (text, asciiText) => {
      const regex = asciiText ? (asciiEnd ??= forAscii().ungrouped()) : forAny().ungrouped();
      regex.lastIndex = 0;
      return regex.test(text) ? regex.lastIndex : -1;
    },
    test: (text, asciiText) => (asciiText ? forAscii : forAny)().plain.test(text),
    narrow: (names, until) => narrowed(about.names, pattern, names, until),
  };
}

function withoutGroups(pattern: Pattern, asciiText: boolean): RegExp {
  const { source, flags } = printPattern(
    dropGroups(pattern, new Set(referredGroups(pattern).map(Math.abs))),
    asciiText,
  );
  return new RegExp(source, `${flags}g`);
}

function narrowed(
  known: ReadonlyMap<string, number>,
  pattern: Pattern,
  names: readonly string[],
  until: string | undefined,
): Narrow | undefined {
  const cut = until === undefined ? pattern : beforeRest(pattern, known.get(until));
  if (cut === undefined) return undefined;
  const kept = [...names.flatMap((name) => known.get(name) ?? []), ...referredGroups(cut).map(Math.abs)];
  const alone = dropGroups(cut, new Set(kept));
  const regex = (asciiText: boolean): { readonly regex: RegExp; readonly groups: Printing['groups'] } => {
    const { source, flags, groups } = printPattern(alone, asciiText);
    return { regex: new RegExp(source, `${flags}g`), groups };
  };
  const { regex: ascii, groups } = regex(true);
  let any: RegExp | undefined;
  const of = (asciiText: boolean): RegExp => (asciiText ? ascii : (any ??= regex(false).regex));
  const reset = (asciiText: boolean): RegExp => {
    const each = of(asciiText);
    each.lastIndex = 0;
    return each;
  };
  return {
    test: (text, asciiText) => reset(asciiText).test(text),
    exec: (text, asciiText) => reset(asciiText).exec(text),
    end: (asciiText) => of(asciiText).lastIndex,
    numbers: new Map(names.map((name) => [name, groups[(known.get(name) ?? 0) - 1] ?? []])),
  };
}

/** What is before a group that takes all the rest of a line, if it is such a one. */
function beforeRest(pattern: Pattern, group: number | undefined): Pattern | undefined {
  if (pattern.kind !== 'sequence') return undefined;
  const place = pattern.items.findIndex((item) => item.kind === 'group' && item.number === group);
  const found = pattern.items[place];
  if (found?.kind !== 'group') return undefined;
  const { body } = found;
  const isRest =
    body.kind === 'repeat' &&
    body.body.kind === 'any' &&
    !body.body.newline &&
    body.style === 'greedy' &&
    body.least === 1 &&
    body.most === Number.POSITIVE_INFINITY &&
    pattern.items.slice(place + 1).every((item) => item.kind === 'edge' && item.at === 'end');
  if (!isRest) return undefined;
  const rest: Pattern = { kind: 'look', ahead: true, negated: false, body: body.body };
  return { kind: 'sequence', items: [...pattern.items.slice(0, place), rest] };
}

class V8Match implements Match {
  readonly start: number;
  readonly end: number;
  readonly #text: string;
  readonly #found: RegExpExecArray;
  readonly #indexed: () => RegExp;
  readonly #groups: readonly (readonly number[])[];
  readonly #endsWithFirst: boolean;

  constructor(
    text: string,
    found: RegExpExecArray,
    indexed: () => RegExp,
    groups: readonly (readonly number[])[],
    endsWithFirst: boolean,
  ) {
    this.start = found.index;
    this.end = found.index + (found[0]?.length ?? 0);
    this.#text = text;
    this.#found = found;
    this.#indexed = indexed;
    this.#groups = groups;
    this.#endsWithFirst = endsWithFirst;
  }

  group(number: number): string | undefined {
    if (number === 0) return this.#found[0];
    const numbers = this.#groups[number - 1];
    if (numbers === undefined) return undefined;
    for (const each of numbers) if (this.#found[each] !== undefined) return this.#found[each];
    return undefined;
  }

  span(number: number): readonly [number, number] | undefined {
    if (number === 0) return [this.start, this.end];
    if (number === 1 && this.#endsWithFirst) return [this.end - (this.group(1)?.length ?? 0), this.end];
    const indexed = this.#indexed();
    indexed.lastIndex = this.start;
    const indices = indexed.exec(this.#text)?.indices;
    for (const each of this.#groups[number - 1] ?? []) {
      const found = indices?.[each];
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

const nonAscii = /[^\0-\x7f]/;

export function isAscii(text: string): boolean {
  return !nonAscii.test(text);
}
