import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable } from './printable.ts';

test('printable() shows what a terminal would obey', () => {
  for (const [text, shown] of [
    ['plain text, ünïcode ✓', 'plain text, ünïcode ✓'],
    ['\u001b[2J\u0007', String.raw`\x1b[2J\x07`],
    ['two\nlines\r', String.raw`two\x0alines\x0d`],
    ['a\u202eb', String.raw`a\u{202e}b`],
    ['c1 \u009b31m', String.raw`c1 \x9b31m`],
  ] as const) {
    assert.equal(printable(text), shown);
  }
});
