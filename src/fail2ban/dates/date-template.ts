/** One way to find a date in a line and to read it: an expression and what its groups mean. */
import { fail, ok, type Result } from '../../base/result.ts';
import { asciiDigits } from './ascii-digits.ts';
import { type Compiled, compileExpression, type Expression, type Match } from '../expression/expression.ts';
import type { Calendar } from './calendar.ts';
import { readDatePattern } from './date-fields.ts';
import { readDate } from './read-date.ts';

export interface DateTemplate {
  readonly name: string;
  /** As it was written, without what was put around it; undefined for Epoch and TAI64N by name. */
  readonly pattern: string | undefined;
  /** Bound to the start or the end of the line: then no other place has to be tried. */
  readonly anchored: boolean;
  readonly atStart: boolean;
  readonly weight: number;
  /** At the start of a line, what is cut out begins with the line's first letter or digit and ends with the match. */
  readonly isPlain: boolean;
  /** Compiled when it is first asked for: most templates never are. */
  readonly expression: Expression;
  /** What Python would say against it, if anything. */
  refusal(): string | undefined;
  /** Seconds since 1970; undefined where the match is no date after all. */
  read(match: Match, calendar: Calendar, zone: number | undefined): number | undefined;
}

type Bound = 'none' | 'word' | 'start';

const epochDigits = '\\d{10,11}\\b(?:\\.\\d{3,6})?';
const longEpochDigits = '\\d{10,11}(?:\\d{3}(?:\\.\\d{1,6}|\\d{3})?)?';

/** `{EPOCH}` anywhere in a pattern. */
const epochField = /(?<!\\)\{L?EPOCH\}/i;

/** A template of one line of `datepattern`. */
export function dateTemplate(pattern: string, thisYear: number, weight = 1): Result<DateTemplate> {
  const key = pattern.includes('%') ? pattern : pattern.toUpperCase();
  if (key.includes('EPOCH')) {
    const isLong = key.includes('LEPOCH');
    const digits = isLong ? longEpochDigits : epochDigits;
    if (epochField.test(pattern)) {
      const source = `(${pattern.replace(new RegExp(epochField, 'gi'), `(${digits})`)})`;
      return built(
        { name: pattern, pattern: undefined, weight },
        source,
        'word',
        'word',
        readEpoch(2, isLong),
      );
    }
    const word = isLong ? 'LEPOCH' : 'EPOCH';
    const name = isLong ? 'LongEpoch' : 'Epoch';
    if (key === word) {
      const source = `((?:^|(?<=^\\[)|(?<=\\baudit\\())${digits})`;
      return built({ name, pattern: undefined, weight }, source, 'none', 'word', readEpoch(1, isLong));
    }
    if (key === `{^LN-BEG}${word}` || key === `^${word}`) {
      return built(
        { name, pattern: undefined, weight },
        `(${digits})`,
        'start',
        'word',
        readEpoch(1, isLong),
      );
    }
  }
  if (['TAI64N', '{^LN-BEG}TAI64N', '^TAI64N'].includes(key)) {
    const bound = key === 'TAI64N' ? 'none' : 'start';
    return built({ name: 'TAI64N', pattern: undefined, weight }, '@[0-9a-f]{24}', bound, 'word', readTai64n);
  }
  let [begin, end]: [Bound, Bound] = ['word', 'word'];
  let bare = pattern;
  if (bare.startsWith('{UNB}')) {
    bare = bare.slice('{UNB}'.length);
    [begin, end] = ['none', 'none'];
  } else if (bare.startsWith('{^LN-BEG}')) {
    bare = bare.slice('{^LN-BEG}'.length);
    begin = 'start';
  }
  const read = readDatePattern(bare, thisYear);
  if (read === undefined) {
    return fail(
      'configuration',
      `cannot use the datepattern: needs %% for a percent sign, or a field: ${pattern}`,
    );
  }
  return built({ name: read.name, pattern, weight }, read.expression, begin, end, readFields);
}

type Read = (
  match: Match,
  calendar: Calendar,
  zone: number | undefined,
  names: ReadonlyMap<string, number>,
) => number | undefined;

const readFields: Read = (match, calendar, zone, names) =>
  readDate(
    (name) => {
      const number = names.get(name);
      return number === undefined ? undefined : match.group(number);
    },
    calendar,
    zone,
  );

function readEpoch(group: number, isLong: boolean): Read {
  return (match) => {
    const text = asciiDigits(match.group(group) ?? '');
    const value = Number(text);
    if (!isLong || text.length < 13) return value;
    return text.length >= 16 && !text.includes('.') ? value / 1_000_000 : value / 1000;
  };
}

const readTai64n: Read = (match) => Number.parseInt((match.group(1) ?? '').slice(2, 17), 16);

/** Puts the bounds around an expression, unless it brings its own. */
function built(
  about: Pick<DateTemplate, 'name' | 'pattern' | 'weight'>,
  written: string,
  begin: Bound,
  end: Bound,
  read: Read,
): Result<DateTemplate> {
  let { name } = about;
  let source = written.trim();
  const flags = /\(\?[a-z]+\)/.exec(source)?.[0] ?? '';
  source = source.replace(flags, '');
  const bindsBegin = begin !== 'none' && !/^\(*(?:\(\?\w+\))?(?:\^|\(*\*\*|\((?:\?:)?\^)/.test(source);
  const bindsEnd = end !== 'none' && !/(?<!\\)(?:\$\)?|\\b|\\s|\*\*\)*)$/.test(source);
  // There is always a group 1: what is cut out of the line.
  if (!/(?<!\(\?)(?<!\\)\((?!\?)/.test(source)) {
    source = source.replace(/^((?:\(\?\w+\))?\^?(?:\(\?\w+\))?)(.*?)(\$?)$/, '$1($2)$3');
  }
  const opensWithGroup = /^\((?!\?)/.test(source);
  if (bindsBegin && begin === 'word') source = `(?=^|\\b|\\W)${source}`;
  if (bindsBegin && begin === 'start') {
    source = `^(?:\\W{0,2})?${source}`;
    if (!name.startsWith('{^LN-BEG}')) name = `{^LN-BEG}${name}`;
  }
  if (bindsEnd) source += '(?=\\b|\\W|$)';
  const atStart =
    (bindsBegin && begin === 'start') || /^(?:\(\?\w+\))?(?:\^|\((?:\?:)?\^(?!\|))/.test(source);
  const atEnd = /(?<![\\|])(?:\$\)?)$/.test(source);
  source = source.replace(/^\(*(?:\(\?\w+\))?\(*\*\*|(?<!\\)\*\*\)*$/g, (found) =>
    found.replaceAll('**', ''),
  );
  const whole = flags + source;
  let made: Compiled | undefined;
  const compiled = (): Compiled => (made ??= compileExpression(whole));
  const expression = (): Expression => {
    const found = compiled();
    // Whoever made the template has asked for the refusal.
    if (!found.ok) throw new Error(`${whole}: ${found.says}`);
    return found.expression;
  };
  return ok({
    ...about,
    name,
    get expression() {
      return expression();
    },
    refusal: () => {
      const found = compiled();
      return found.ok ? undefined : found.says;
    },
    atStart,
    anchored: atStart || atEnd,
    get isPlain() {
      return bindsBegin && begin === 'start' && opensWithGroup && expression().endsWithFirst;
    },
    read: (match, calendar, zone) => read(match, calendar, zone, expression().names),
  });
}

/** A pattern without the bounds that it may bring. */
export function unbound(pattern: string): string {
  return pattern
    .replace(/^\{UNB\}/, '')
    .replace(/^\{\^LN-BEG\}/, '')
    .replace(/^\((?:\?:)?\^\|\\b\|\\W\)/, '')
    .replace(/\(\?=\\b\|\\W\|\$\)$/, '');
}
