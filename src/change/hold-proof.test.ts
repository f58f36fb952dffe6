import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail, ok, type Result } from '../base/result.ts';
import type { Clock } from '../host/clock.ts';
import { holdProof } from './hold-proof.ts';

function turnedClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
      await Promise.resolve();
    },
  };
}

test('holdProof() asks until it holds: four seconds where nobody answers, two where the answer is no', async () => {
  for (const [kind, holdsAt, holds] of [
    ['unavailable', 0, true],
    ['unavailable', 3900, true],
    ['unavailable', 4300, false],
    ['no', 1900, true],
    ['no', 2300, false],
  ] as const) {
    const clock = turnedClock();
    const prove = async (): Promise<Result<string>> =>
      await Promise.resolve(clock.now() >= holdsAt ? ok('yes') : fail(kind, 'not yet'));
    const held = await holdProof({ claim: 'it holds', prove }, clock);
    assert.equal(held.ok, holds, String(holdsAt));
    assert.ok(clock.now() <= 4000);
  }
});
