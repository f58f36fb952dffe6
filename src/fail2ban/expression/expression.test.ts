// Python's meaning on V8. Each row was checked against Python 3.11.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compileExpression } from './expression.ts';
import { parsePattern } from './parse-pattern.ts';
import { walkPattern } from './walk-pattern.ts';

type Row = [pattern: string, text: string, groups: (string | null)[] | null, by?: 'walk'];

const rows: Row[] = [
  // $ is before a final newline too
  ['ab$', 'ab\n', ['ab']],
  ['ab$', 'ab\n\n', null],
  ['ab\\Z', 'ab\n', null],
  ['a{,2}b', 'aaab', ['aab']],
  ['a{,x}', 'a{,x}', ['a{,x}']],
  ['a{', 'a{', ['a{']],
  ['[^]]+', 'x]', ['x']],
  ['[]a]+', 'a]b', ['a]']],
  ['[a\\]-]+', '-a]', ['-a]']],
  // conditionals
  ['^(b)?c(?(1)d|e)$', 'bcd', ['bcd', 'b']],
  ['^(b)?c(?(1)d|e)$', 'ce', ['ce', null]],
  ['^(b)?c(?(1)d|e)$', 'bce', null],
  ['(?P<q>")?x(?(q)"|,)', '"x,', ['x,', null]],
  ['^((?P<a>x)|y)z(?(a)1|2)', 'yz2', ['yz2', 'y', null]],
  ['^(?:(a)|b)*c(?(1)d|e)', 'abcd', ['abcd', 'a'], 'walk'],
  // a reference to a group that is not set fails
  ['(a)?\\1b', 'b', null],
  ['(a)?\\1b', 'aab', ['aab', 'a']],
  ['(?P<s>[-/])x(?P=s)', '-x/ /x/', ['/x/', '/']],
  // loops keep groups, and count one empty round
  ['(?:(a)|b)+', 'ab', ['ab', 'a'], 'walk'],
  ['(a*)*', 'aa', ['aa', ''], 'walk'],
  ['(a*)?b', 'b', ['b', '']],
  // atomic and possessive
  ['(?>a+)ab', 'aaab', null, 'walk'],
  ['a++b', 'aab', ['aab'], 'walk'],
  // classes are Unicode's
  ['^\\w+$', 'é٣_ü', ['é٣_ü']],
  ['\\d+', '٣٤', ['٣٤']],
  ['a\\sb', 'a\u001cb', ['a\u001cb']],
  ['a\\sb', 'a\ufeffb', null],
  ['a.b', 'a\rb', ['a\rb']],
  ['a.b', 'a\u2028b', ['a\u2028b']],
  ['^.$', '😀', ['😀']],
  ['\\bx\\b', 'éx', null],
  ['(?a)\\bx\\b', 'éx', ['x']],
  ['(?a)\\w', 'é', null],
  // case
  ['(?i)straSSe', 'STRAſsE', ['STRAſsE']],
  ['(?i:k)K', '\u212aK', ['\u212aK']],
  ['(?i)[^k]', '\u212a', null],
  ['(?i)i', 'İ', ['İ']],
  ['(?s)a.b', 'a\nb', ['a\nb']],
  ['(?m)^b$', 'a\nb\nc', ['b']],
  ['(?x) a b # comment', 'ab', ['ab']],
  ['(?<=ab)c', 'abc', ['c']],
  ['(?<!ab)c', 'abc', null],
  ['x(?#comment)y', 'xy', ['xy']],
  ['\\x41\\u00e9\\101', 'AéA', ['AéA']],
  ['(?:^|x)a|', 'a', ['a']],
];

test('a loop within a loop ends in its time', () => {
  const compiled = compileExpression('^(?:[^\\]"]*|"[^"]*")*\\]$');
  assert.ok(compiled.ok);
  assert.equal(compiled.expression.search('x'.repeat(5000)), undefined);
  assert.equal(compiled.expression.search('a"]"b]\n')?.end, 6);
});

for (const [pattern, text, groups, by = 'v8'] of rows) {
  test(`${pattern} on ${JSON.stringify(text)}`, () => {
    const compiled = compileExpression(pattern);
    assert.ok(compiled.ok, pattern);
    assert.equal(compiled.expression.by, by);
    const match = compiled.expression.search(text);
    const found =
      match === undefined
        ? null
        : Array.from({ length: groups?.length ?? 1 }, (_, number) => match.group(number) ?? null);
    assert.deepEqual(found, groups);
  });
}

const refusals: [pattern: string, says: RegExp, at: number][] = [
  ['(a', /missing \), unterminated subpattern/, 0],
  ['a)', /unbalanced parenthesis/, 1],
  ['*a', /nothing to repeat/, 0],
  ['a**', /multiple repeat/, 2],
  ['[a', /unterminated character set/, 0],
  ['[b-a]', /bad character range/, 1],
  ['a(?i)b', /global flags not at the start/, 1],
  ['(?P<1>a)', /bad character in group name/, 4],
  ['(?P<a>x)(?P<a>y)', /redefinition of group name 'a'/, 12],
  ['(?P=a)', /unknown group name 'a'/, 4],
  ['(?(b)x)', /unknown group name 'b'/, 3],
  ['(?(2)x)', /invalid group reference 2/, 3],
  ['\\y', /bad escape \\y/, 0],
  ['(?<=a+)b', /look-behind requires fixed-width pattern/, 0],
  ['a{3,2}', /min repeat greater than max repeat/, 2],
  ['(?z)', /unknown extension \?z/, 1],
];

for (const [pattern, says, at] of refusals) {
  test(`${pattern} is refused`, () => {
    const parsed = parsePattern(pattern);
    assert.ok(!parsed.ok);
    assert.match(parsed.says, says);
    assert.equal(parsed.at, at);
  });
}

/** Patterns that V8 can mean, out of parts. */
const atom = fc.constantFrom(
  'a',
  'b',
  '\\w',
  '\\s',
  '.',
  '[^a]',
  '(?:a|bc)',
  '(a|b)',
  '(?P<n>a)?',
  '^',
  '$',
  '\\b',
  '(?=a)',
  '(?i:B)',
  '(?:b*|a)*',
  '(?:[^a]+|ab)*',
  '(?:\\s*|\\w*)*',
);
const pattern = fc
  .array(fc.tuple(atom, fc.constantFrom('', '', '', '?', '*', '+?', '{1,2}')), { minLength: 1, maxLength: 6 })
  .map((parts) =>
    parts.map(([part, count]) => (/^[\\^$]b?$/.test(part) ? part : `(?:${part})${count}`)).join(''),
  );

test('V8 and the walker agree', () => {
  fc.assert(
    fc.property(pattern, fc.stringMatching(/^[abcB \né😀]{0,8}$/u), (source, text) => {
      const compiled = compileExpression(source);
      const parsed = parsePattern(source);
      // A name may be there once.
      if (!compiled.ok || !parsed.ok) return;
      const match = compiled.expression.search(text);
      const walked = walkPattern(parsed.pattern, parsed.groups, text);
      const spans =
        match === undefined
          ? undefined
          : Array.from({ length: parsed.groups + 1 }, (_, each) => match.group(each));
      const expected =
        walked === undefined
          ? undefined
          : Array.from({ length: parsed.groups + 1 }, (_, each) =>
              walked[each * 2 + 1] === -1 ? undefined : text.slice(walked[each * 2], walked[each * 2 + 1]),
            );
      assert.deepEqual(spans, expected, source);
    }),
    { numRuns: 400 },
  );
});

test('every match holds one of the required literals', () => {
  const sources = [
    '(?:foo|bar) baz(?:qux)+',
    'a(?:b|cd)?ef',
    'x{2}yz|yzx',
    '(?i)FOO-bar',
    '[ab]cd(?(1)x|y)?()',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...sources), fc.stringMatching(/^[a-fxyz -]{0,12}$/), (source, text) => {
      const compiled = compileExpression(source);
      if (!compiled.ok || compiled.expression.literals === undefined) return;
      if (compiled.expression.search(text) === undefined) return;
      assert.ok(compiled.expression.literals.some((literal) => text.includes(literal)));
    }),
  );
});
