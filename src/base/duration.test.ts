import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type Duration, formatDuration, parseDuration } from './duration.ts';

test('parseDuration() reads what people write', () => {
  for (const [text, milliseconds] of [
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['3600', 3_600_000],
    ['250ms', 250],
    [' 5s ', 5000],
    ['0', 0],
  ] as const) {
    assert.deepEqual(parseDuration(text), { ok: true, value: milliseconds });
  }
});

test('parseDuration() refuses what is none', () => {
  for (const text of ['', 's', '-1s', '1.5h', '10 minutes', '1h 30m', '99999999w', '1e3', '\u0661s']) {
    const read = parseDuration(text);
    assert.ok(!read.ok, text);
    assert.equal(read.problem.kind, 'usage');
    assert.ok(read.problem.hint !== undefined);
  }
});

test('parseDuration() undoes formatDuration()', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3650 * 86_400_000 }), (milliseconds) => {
      const text = formatDuration(milliseconds as Duration);
      assert.deepEqual(parseDuration(text), { ok: true, value: milliseconds });
    }),
  );
});
