import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDue } from './renewal-due.ts';

const day = 86_400_000;
const life = { notBefore: 0, notAfter: 90 * day };

test('isDue() after two thirds of the life, unless somebody knows better', () => {
  for (const [request, due] of [
    [{ now: 59 * day }, false],
    [{ now: 60 * day }, true],
    [{ now: 10 * day, renewAt: 5 * day }, true],
    [{ now: 80 * day, renewAt: 85 * day }, false],
    [{ now: 59 * day, beforeMs: 30 * day }, false],
    [{ now: 60 * day, beforeMs: 30 * day }, true],
    [{ now: 85 * day, renewAt: 1 * day, beforeMs: 4 * day }, false],
    [{ now: 91 * day }, true],
  ] as const) {
    assert.equal(isDue(life, request), due, JSON.stringify(request));
  }
});
