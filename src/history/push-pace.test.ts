import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterPush, isDue, startPushing } from './push-pace.ts';

test('a push is due at once for a new record, later and later for one that fails', () => {
  let pace = startPushing;
  assert.ok(isDue(pace, 'a', 0));
  const pauses: number[] = [];
  for (let now = 0; pauses.length < 9; ) {
    pace = afterPush(pace, 'a', false, now);
    assert.ok(!isDue(pace, 'a', pace.notBefore - 1));
    assert.ok(isDue(pace, 'a', pace.notBefore));
    assert.ok(isDue(pace, 'b', now), 'another record does not wait');
    pauses.push((pace.notBefore - now) / 1000);
    now = pace.notBefore;
  }
  assert.deepEqual(pauses, [30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
  assert.equal(afterPush(pace, 'b', true, 5).failures, 0);
});
