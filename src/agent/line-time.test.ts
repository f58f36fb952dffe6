import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineTime } from './line-time.ts';

const now = 1_800_000_000_500;
const rows: readonly (readonly [string, number | undefined, boolean, number])[] = [
  ['its stamp', now - 500, false, now - 500],
  ['its stamp, some time ago', now - 60_000, false, now - 60_000],
  ['the clock where it has none', undefined, false, now],
  ['the clock where it is ahead', now + 3_600_000, true, now],
  ['its stamp, of this very second', now + 400, false, now + 400],
  ['the clock in another time zone', now - 3_600_000, false, now],
  ['its stamp where it is read late', now - 3_600_000, true, now - 3_600_000],
];

for (const [name, at, isLate, expected] of rows) {
  test(`lineTime() is ${name}`, () => {
    assert.equal(lineTime({ at }, now, isLate), expected);
  });
}
