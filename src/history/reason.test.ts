import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReason } from './reason.ts';

test('parseReason() takes any text as it is', () => {
  for (const text of ['TLS', '# not a comment', 'two\n\nparagraphs', '--amend', 'ü'.repeat(10_000)]) {
    assert.deepEqual(parseReason(text), { ok: true, value: text });
  }
});

test('parseReason() refuses none and too much', () => {
  for (const text of [undefined, '', ' \n\t', '\0', 'x'.repeat(10_001)]) {
    const read = parseReason(text);
    assert.ok(!read.ok);
    assert.equal(read.problem.kind, 'usage');
    assert.ok(read.problem.hint !== undefined);
  }
});
