// A filter at work: what counts, for whom, and what several lines make together.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DateDetector } from '../dates/date-detector.ts';
import { compileRules, type FilterSources } from './filter-rules.ts';
import { LineFilter } from './line-filter.ts';
import type { UseDns } from './resolve-tags.ts';

function filter(
  given: Partial<FilterSources>,
  usedns: UseDns = 'warn',
  checkAll = false,
): (line: string) => unknown[] {
  const sources = { prefregex: undefined, failregex: [], ignoreregex: [], maxlines: 1, ...given };
  const rules = compileRules(sources, usedns);
  assert.ok(rules.ok, rules.ok ? '' : rules.problem.message);
  const calendar = { now: () => 1000, local: (at: number) => at * 1000, instant: (at: number) => at / 1000 };
  const made = new LineFilter({ rules: rules.value, dates: new DateDetector([]), calendar, checkAll });
  return (line) =>
    made.line(line).map(({ id, groups, attempts, users }) => [id, groups.get('user'), attempts, users?.size]);
}

const hosts: [text: string, id: string | undefined, usedns?: UseDns][] = [
  ['from 192.0.2.7 x', '192.0.2.7'],
  ['from ::ffff:192.0.2.7 x', '192.0.2.7'],
  ['from [2001:DB8::0:1] x', '2001:db8::1'],
  ['from bad.example x', 'bad.example'],
  ['from bad.example x', undefined, 'no'],
  ['from 192.0.2.777 x', '192.0.2.777'],
];

for (const [text, id, usedns] of hosts) {
  test(`<HOST> in "${text}"${usedns === undefined ? '' : `, usedns ${usedns}`}`, () => {
    const found = filter({ failregex: ['^from <HOST> x$'] }, usedns)(text);
    assert.deepEqual(found, id === undefined ? [] : [[id, undefined, 1, undefined]]);
  });
}

const tags: [failregex: string, text: string, id: unknown, user?: string][] = [
  ['^<ADDR>/<CIDR>$', '192.0.2.77/24', '192.0.2.0/24'],
  ['^<SUBNET>$', '2001:db8:1::5/48', '2001:db8:1::/48'],
  ['^<F-ID>\\S+</F-ID> <F-USER>\\S+</F-USER>$', 'session7 bob', 'session7', 'bob'],
  [
    '^<IP4>(?: <F-ALT_USER>a\\S*</F-ALT_USER>)?(?: <F-ALT_USER_1>b\\S*</F-ALT_USER_1>)?$',
    '192.0.2.7 bo',
    '192.0.2.7',
    'bo',
  ],
  ['^<F-ID>\\w+</F-ID> <F-TUPLE_ID>\\w+</F-TUPLE_ID> <HOST>$', 'a b 192.0.2.7', ['a', 'b']],
];

for (const [failregex, text, id, user] of tags) {
  test(`${failregex} on ${text}`, () => {
    assert.deepEqual(filter({ failregex: [failregex] })(text), [[id, user, 1, undefined]]);
  });
}

test('prefregex hands on what F-CONTENT holds', () => {
  const line = filter({
    prefregex: '^srv <F-MLFID>\\d+</F-MLFID>: <F-CONTENT>.+</F-CONTENT>$',
    failregex: ['^fail for <F-USER>\\S+</F-USER> from <HOST>$'],
  });
  assert.deepEqual(line('srv 5: fail for bob from 192.0.2.7'), [['192.0.2.7', 'bob', 1, 1]]);
  assert.deepEqual(line('other 5: fail for bob from 192.0.2.7'), []);
});

test('ignoreregex, before or behind', () => {
  const given = { failregex: ['from <HOST>'], ignoreregex: ['ours'] };
  assert.deepEqual(filter(given)('from 192.0.2.7 ours'), []);
  assert.equal(filter(given)('from 192.0.2.7').length, 1);
});

test('lines of one connection: the address comes first, a login takes back', () => {
  const rules = {
    prefregex: '^<F-MLFID>\\d+</F-MLFID> <F-CONTENT>.+</F-CONTENT>$',
    failregex: [
      '^<F-NOFAIL>connect</F-NOFAIL> <HOST>$',
      '^bad <F-USER>\\S+</F-USER>$',
      '^<F-MLFGAINED>in</F-MLFGAINED> <F-USER>\\S+</F-USER>$',
      '^<F-MLFFORGET>bye</F-MLFFORGET>$',
    ],
  };
  const line = filter(rules);
  assert.deepEqual(line('1 connect 192.0.2.7'), []);
  assert.deepEqual(line('1 bad bob'), [['192.0.2.7', 'bob', 2, 1]]);
  assert.deepEqual(line('1 bad eve'), [['192.0.2.7', 'eve', 1, 2]]);
  // One person's retry that succeeds
  assert.deepEqual(line('2 connect 192.0.2.8'), []);
  assert.deepEqual(line('2 in bob'), []);
  // A connection without an address yet: nothing, until it is known
  assert.deepEqual(line('3 bad bob'), []);
  assert.deepEqual(line('3 connect 192.0.2.9'), [['192.0.2.9', 'bob', 2, 1]]);
});

test('several lines together, and those between left for others', () => {
  const line = filter({ failregex: ['^start <F-ID>\\w+</F-ID>$<SKIPLINES>^fail from <HOST>$'], maxlines: 4 });
  assert.deepEqual(
    [line('start a'), line('noise'), line('fail from 192.0.2.7')],
    [[], [], [['a', undefined, 2, undefined]]],
  );
  assert.deepEqual(line('fail from 192.0.2.7'), []);
});

const refused: [given: Partial<FilterSources>, says: RegExp][] = [
  [
    { failregex: ['<HOST>', 'from <HOST> ('] },
    /Python's syntax: missing \), unterminated subpattern at position \d+.*failregex 2: from <HOST> \(/,
  ],
  [{ failregex: ['from nobody'] }, /needs a group that names the host/],
  [{ failregex: ['from <HOTS>'] }, /needs a group that names the host/],
  [{ failregex: ['from <HOSTS>'] }, /needs tags that fail2ban knows: <HOSTS>/],
  [{ failregex: ['<F-user>x</F-user> <HOST>'] }, /needs tags that fail2ban knows: <F-user>/],
  [{ failregex: ['<HOST>'], ignoreregex: ['*'] }, /nothing to repeat at position 0.*ignoreregex 1/],
];

for (const [given, says] of refused) {
  test(`${JSON.stringify(given)} is refused`, () => {
    const rules = compileRules(
      { prefregex: undefined, failregex: [], ignoreregex: [], maxlines: 1, ...given },
      'warn',
    );
    assert.ok(!rules.ok);
    assert.match(rules.problem.message, says);
  });
}
