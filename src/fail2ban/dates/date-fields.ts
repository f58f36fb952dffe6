/**
 * The fields of a date pattern (`%Y`, `%b`, `%Exd`…) as expressions, each a group named after the letter
 * that says how it is read, and the words that fail2ban shows for them.
 */

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

/** As the C locale has them, the long ones first where one may begin another. */
export const dateNames: Readonly<Record<'A' | 'a' | 'B' | 'b', readonly string[]>> = {
  A: days,
  a: days.map((name) => name.slice(0, 3)),
  B: months,
  b: months.map((name) => name.slice(0, 3)),
};

const zoneName = '[A-Z](?:[A-Z]{2,4})?';
const hour = '(?P<H>[0-1]?\\d|2[0-3])';
const minute = '(?P<M>[0-5]?\\d)';
const second = '(?P<S>[0-5]?\\d|6[0-1])';
const month = '(?P<m>0?[1-9]|1[0-2])';
const day = '(?P<d>[1-2]\\d|[0 ]?[1-9]|3[0-1])';
const year = '(?P<Y>\\d{4})';
const shortYear = '(?P<y>\\d\\d)';

const fixed: Readonly<Record<string, string>> = {
  '%': '%',
  d: day,
  m: month,
  Y: year,
  y: shortYear,
  H: hour,
  M: minute,
  S: second,
  k: ' ?(?P<H>[0-2]?\\d)',
  l: ' ?(?P<I>1?\\d)',
  I: '(?P<I>1[0-2]|0[1-9]|[1-9])',
  f: '(?P<f>[0-9]{1,6})',
  j: '(?P<j>36[0-6]|3[0-5]\\d|[1-2]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9])',
  U: '(?P<U>5[0-3]|[0-4]\\d|\\d)',
  W: '(?P<W>5[0-3]|[0-4]\\d|\\d)',
  V: '(?P<V>5[0-3]|0[1-9]|[1-4]\\d|\\d)',
  G: '(?P<G>\\d\\d\\d\\d)',
  w: '(?P<w>[0-6])',
  u: '(?P<u>[1-7])',
  p: '(?P<p>am|pm)',
  A: named('A'),
  a: named('a'),
  B: named('B'),
  b: named('b'),
  Z: '(?P<Z>Z|[A-Z]{3,5})',
  z: '(?P<z>Z|UTC|GMT|[+-][01]\\d(?::?\\d{2})?)',
  c: `${named('a')}\\s+${named('b')}\\s+${day}\\s+${hour}:${minute}:${second}\\s+${year}`,
  x: `${month}/${day}/${shortYear}`,
  X: `${hour}:${minute}:${second}`,
  ExZ: `(?P<Z>${zoneName})`,
  Exz: `(?P<z>(?:${zoneName})?[+-][01]\\d(?::?\\d{2})?|${zoneName})`,
  Exd: '(?P<d>[1-2]\\d|0[1-9]|3[0-1])',
  Exm: '(?P<m>0[1-9]|1[0-2])',
  ExH: '(?P<H>[0-1]\\d|2[0-3])',
  Exk: ' ?(?P<H>[0-1]?\\d|2[0-3])',
  Exl: ' ?(?P<I>1[0-2]|\\d)',
  ExM: '(?P<M>[0-5]\\d)',
  ExS: '(?P<S>[0-5]\\d|6[0-1])',
  Exy: '(?P<y>\\d{2})',
};

const words: Readonly<Record<string, string>> = {
  a: 'DAY',
  A: 'DAYNAME',
  b: 'MON',
  B: 'MONTH',
  d: 'Day',
  H: '24hour',
  I: '12hour',
  j: 'Yearday',
  m: 'Month',
  M: 'Minute',
  p: 'AMPM',
  S: 'Second',
  U: 'Yearweek',
  w: 'Weekday',
  W: 'Yearweek',
  y: 'Year2',
  Y: 'Year',
  '%': '%',
  z: 'Zone offset',
  f: 'Microseconds',
  Z: 'Zone name',
};

export interface DatePattern {
  readonly expression: string;
  /** The pattern in words: `ExYear-Month-Day`. */
  readonly name: string;
}

/** Undefined where a percent sign begins no field. `thisYear` bounds the years of `%ExY`. */
export function readDatePattern(pattern: string, thisYear: number): DatePattern | undefined {
  let expression = '';
  let name = '';
  const part = /%(Ex[dmHMSklyYzZ]|[%a-zA-Z])|[^%]+|%/g;
  for (const [text, field] of pattern.matchAll(part)) {
    if (field === undefined) {
      if (text === '%') return undefined;
      expression += text;
      name += text;
      continue;
    }
    const found =
      field === 'ExY' ? exactYear(thisYear) : Object.hasOwn(fixed, field) ? fixed[field] : undefined;
    if (found === undefined) return undefined;
    expression += found;
    const plain = field.startsWith('Ex') ? words[field.slice(2)] : words[field];
    name += plain === undefined ? `%${field}` : field.startsWith('Ex') ? `Ex${plain}` : plain;
  }
  // Names of days and months are in any case.
  return { expression: /(?<!%)%[aAbBpc]/.test(pattern) ? `(?iu)${expression}` : expression, name };
}

/** Years from 2000 to three from now: another number there is no year. */
function exactYear(thisYear: number): string {
  const decades: string[] = [];
  for (let decade = 200; decade <= Math.floor((thisYear + 3) / 10); decade += 1) decades.push(String(decade));
  return `(?P<Y>(?:${decades.join('|')})\\d)`;
}

function named(letter: 'A' | 'a' | 'B' | 'b'): string {
  return `(?P<${letter}>${dateNames[letter].toSorted((a, b) => b.length - a.length).join('|')})`;
}
