import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { readSettings, removeSetting, setSetting } from './debian-settings.ts';

test('readSettings() reads macros and options of a main part', () => {
  for (const [text, settings] of [
    ['MAIN_TLS_ENABLE = yes\n', ['macro MAIN_TLS_ENABLE = yes @0:1']],
    ['  A=1\nA == 2\n', ['macro A = 1 @0:1', 'macro A = 2 @0:2']],
    ['hide mysql_servers = x\n', ['option mysql_servers = x @0:1']],
    ['# A = 1\n\nb = 2', ['option b = 2 @0:3']],
    ['a = b \\\n  # not this\n  : c\nd = e\n', ['option a = b : c @0:1', 'option d = e @0:4']],
    [
      '.ifdef X\na = 1\n.else\na = 2\n.endif\nb = 1\n',
      ['option a = 1 @1:2', 'option a = 2 @1:4', 'option b = 1 @0:6'],
    ],
    ['.ifndef X\n.ifdef Y\nA = 1\n.endif\n.endif\n', ['macro A = 1 @2:3']],
    ['a = 1\nbegin acl\nb = 2\n', ['option a = 1 @0:1']],
    ['split_spool_directory\n', []],
  ] as const) {
    assert.deepEqual(
      readSettings(text).map(
        ({ kind, name, value, depth, line }) => `${kind} ${name} = ${value} @${depth}:${line}`,
      ),
      settings,
      text,
    );
  }
});

test('setSetting() changes one line, or adds two', () => {
  for (const [text, after] of [
    ['', '# why\nA = 1\n'],
    ['B = 2', 'B = 2\n# why\nA = 1\n'],
    ['A = 2 # x\nB = 2\n', 'A = 1\nB = 2\n'],
    ['A=1\n', 'A=1\n'],
    ['A = \\\n  2\nB = 2\n', 'A = 1\nB = 2\n'],
    ['.ifdef X\nA = 2\n.endif\n', '.ifdef X\nA = 2\n.endif\n# why\nA = 1\n'],
    ['B = 2\\\n', 'B = 2\\\n\n\n# why\nA = 1\n'],
  ] as const) {
    assert.equal(setSetting(text, 'A', '1', 'why'), after, JSON.stringify(text));
  }
});

const simple = fc.constantFrom(
  '',
  '# a comment',
  '# A = 9',
  'A = 2',
  'A = 1',
  'A == 3',
  'B = A',
  'b = x \\\n # A\n  c',
  'A = \\\n 5',
  'hide d = e',
  '\tA=4  ',
  '#\\',
);
const block = fc.array(simple, { maxLength: 3 }).map((lines) => ['.ifdef X', ...lines, '.endif'].join('\n'));
const text = fc
  .tuple(fc.array(fc.oneof(simple, block)), fc.constantFrom('', '\n', '\nz = \\', '\nz = y \\\n'))
  .map(([lines, end]) => lines.join('\n') + end);

/** What is set besides A, in its order. */
function others(of: string): string[] {
  return readSettings(of)
    .filter(({ name, depth }) => name !== 'A' || depth !== 0)
    .map(({ name, value, depth }) => `${name} = ${value} @${depth}`);
}

test('setSetting() is found afterwards, is done once, and keeps the other settings', () => {
  fc.assert(
    fc.property(text, (before) => {
      const once = setSetting(before, 'A', '1', 'why');
      assert.equal(readSettings(once).findLast(({ name, depth }) => name === 'A' && depth === 0)?.value, '1');
      assert.equal(setSetting(once, 'A', '1', 'why'), once);
      assert.deepEqual(others(once), others(before));
      assert.deepEqual(others(removeSetting(once, 'A')), others(before));
      const kept = once.split('\n');
      for (const line of before.split('\n').filter((each) => each.startsWith('#')))
        assert.ok(kept.includes(line));
    }),
  );
});
