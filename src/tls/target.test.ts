import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTarget } from './target.ts';

test('parseTarget() reads a host and a port', () => {
  for (const [text, host, port] of [
    ['mx.example.org', 'mx.example.org', 25],
    ['mx.example.org:587', 'mx.example.org', 587],
    ['localhost:2525', 'localhost', 2525],
    ['192.0.2.1', '192.0.2.1', 25],
    ['192.0.2.1:465', '192.0.2.1', 465],
    ['2001:DB8::1', '2001:db8::1', 25],
    ['[2001:db8::1]:26', '2001:db8::1', 26],
    ['[2001:db8::1]', '2001:db8::1', 25],
  ] as const) {
    assert.deepEqual(parseTarget(text, 25), { ok: true, value: { host, port } });
  }
});

test('parseTarget() refuses what is none', () => {
  for (const text of [
    '',
    ':25',
    'a b',
    'host:',
    'host:0',
    'host:65536',
    '[::1',
    '[mx]:25',
    'a..b',
    '-x',
    'a/b',
  ]) {
    const read = parseTarget(text, 25);
    assert.ok(!read.ok, text);
    assert.equal(read.problem.kind, 'usage');
  }
});
