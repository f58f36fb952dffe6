import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { nextLook, nextPace, type PaceEvent, startPace } from './drift-pace.ts';

test('nextLook() is at once at the start, and each minute without a notice', () => {
  const pace = startPace(1_000_000, 800);
  assert.equal(nextLook(pace), 1_000_000);
  assert.equal(nextLook(nextPace(pace, 'looked', 1_000_000)), 1_060_000);
});

test('nextLook() waits for the end of a burst, but not for ever', () => {
  let pace = nextPace(startPace(0, 800), 'looked', 0);
  pace = nextPace(pace, 'changed', 1000);
  assert.equal(nextLook(pace), 1800);
  pace = nextPace(pace, 'changed', 1500);
  assert.equal(nextLook(pace), 2300);
  for (let now = 1600; now < 4900; now += 100) pace = nextPace(pace, 'changed', now);
  assert.equal(nextLook(pace), 5000);
});

test('nextLook() repeats a look that failed, after a while', () => {
  assert.equal(nextLook(nextPace(startPace(0, 800), 'failed', 10_000)), 12_000);
});

test('nextLook() is within seconds of any notice, whatever came before', () => {
  const event = fc.tuple(fc.constantFrom<PaceEvent>('changed', 'looked', 'failed'), fc.nat({ max: 5000 }));
  fc.assert(
    fc.property(fc.array(event), (events) => {
      let [pace, now] = [startPace(0, 800), 0];
      for (const [kind, later] of events) {
        now += later;
        pace = nextPace(pace, kind, now);
      }
      assert.ok(nextLook(nextPace(pace, 'changed', now)) - now <= 4000);
    }),
  );
});
