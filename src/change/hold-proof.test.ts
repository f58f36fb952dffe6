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

test('holdProof() asks until it holds, and gives up after five seconds', async () => {
  for (const [holdsAt, holds] of [
    [0, true],
    [3000, true],
    [4900, true],
    [5300, false],
  ] as const) {
    const clock = turnedClock();
    const prove = async (): Promise<Result<string>> =>
      await Promise.resolve(clock.now() >= holdsAt ? ok('yes') : fail('no', 'not yet'));
    const held = await holdProof({ claim: 'it holds', prove }, clock);
    assert.equal(held.ok, holds, String(holdsAt));
    assert.ok(clock.now() <= 5000);
  }
});
