import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWhen } from './when.ts';

/** A Monday, 10:12:30 here. */
const now = new Date(2026, 10, 23, 10, 12, 30).getTime();
const at = (...parts: [number, number, number, number?, number?, number?, number?]): number =>
  new Date(...parts).getTime();

test('parseWhen() reads times as people say them', () => {
  for (const [text, expected] of [
    ['now', now],
    ['today', now],
    ['09:30', at(2026, 10, 23, 9, 30)],
    ['yesterday', at(2026, 10, 22, 23, 59, 59, 999)],
    ['yesterday at 14:00', at(2026, 10, 22, 14)],
    ['last Tuesday 14:00', at(2026, 10, 17, 14)],
    ['Tue noon', at(2026, 10, 17, 12)],
    ['monday', at(2026, 10, 16, 23, 59, 59, 999)],
    ['last Sunday', at(2026, 10, 22, 23, 59, 59, 999)],
    ['2026-11-20', at(2026, 10, 20, 23, 59, 59, 999)],
    ['2026-11-20 14:00:05', at(2026, 10, 20, 14, 0, 5)],
    ['2026-11-20T14:00', at(2026, 10, 20, 14)],
    ['  2   hours ago ', now - 7_200_000],
    ['1 day ago', now - 86_400_000],
  ] as const) {
    assert.deepEqual(parseWhen(text, now), { ok: true, value: expected }, text);
  }
});

test('parseWhen() refuses what means nothing, and the future', () => {
  for (const text of [
    '',
    ' ',
    'soon',
    '25:00',
    '12:60',
    '2026-02-30',
    '2026-11-24',
    '11:00',
    'at 09:00 09:00',
    'last',
    'tu',
    '-1 hours ago',
    '2 fortnights ago',
  ]) {
    const read = parseWhen(text, now);
    assert.ok(!read.ok, text);
    assert.equal(read.problem.kind, 'usage');
    assert.ok(read.problem.hint !== undefined);
  }
});
