import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Duration } from '../base/duration.ts';
import { Escalation } from './escalation.ts';

const minute = 60_000;
const day = 86_400_000;
const rule = { factor: 2, cap: day as Duration, forget: (7 * day) as Duration };
const first = (10 * minute) as Duration;

test('Escalation.ban() doubles up to its cap, and forgets an offence a week', () => {
  const escalation = new Escalation(rule);
  let now = 0;
  for (const minutes of [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]) {
    const length = escalation.ban('192.0.2.1', first, now);
    assert.equal(length / minute, minutes);
    now += length + minute;
  }
  assert.equal(escalation.offences('192.0.2.1', now), 10);
  now += 21 * day;
  assert.equal(escalation.offences('192.0.2.1', now), 7);
  assert.equal(escalation.ban('192.0.2.1', first, now) / minute, 1280);
  now += 365 * day;
  assert.equal(escalation.ban('192.0.2.1', first, now) / minute, 10);
  assert.equal(escalation.ban('192.0.2.2', first, now) / minute, 10);
});

test('Escalation.ban() leaves a first ban alone that is longer than the cap', () => {
  const escalation = new Escalation(rule);
  assert.equal(escalation.ban('192.0.2.1', (3 * day) as Duration, 0), 3 * day);
  assert.equal(escalation.ban('192.0.2.1', (3 * day) as Duration, 4 * day), 3 * day);
});

test('Escalation.hold() lengthens no ban, and shortens none', () => {
  const escalation = new Escalation(rule);
  for (let now = 0; now < 5 * minute; now += minute)
    assert.equal(escalation.hold('192.0.2.1', minute as Duration, now), minute);
  assert.equal(escalation.offences('192.0.2.1', 6 * minute), 1);
  assert.equal(escalation.ban('192.0.2.1', first, 6 * minute), 2 * first);
  assert.equal(escalation.hold('192.0.2.1', minute as Duration, 6 * minute), 2 * first);
  assert.equal(escalation.offences('192.0.2.1', 6 * minute), 2);
});

test('Escalation goes on from what was known before a restart', () => {
  const escalation = new Escalation(rule);
  escalation.restore('192.0.2.1', { count: 3, until: 1000 });
  assert.equal(escalation.ban('192.0.2.1', first, 2000), 8 * first);
});

test('Escalation holds a bounded number of targets', () => {
  const escalation = new Escalation(rule, 3);
  for (const target of ['a', 'b', 'c', 'a', 'd']) escalation.ban(target, first, 0);
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((target) => escalation.offences(target, 0)),
    [2, 0, 1, 1],
  );
});

test('Escalation never shortens a ban in force, nor bans for less than the first time', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -day, max: 30 * day }), fc.integer({ min: 1000, max: 2 * day })), {
        maxLength: 60,
      }),
      (bans) => {
        const escalation = new Escalation(rule);
        let now = 0;
        let until = 0;
        for (const [gap, length] of bans) {
          now += gap;
          const lasts = escalation.ban('192.0.2.1', length as Duration, now);
          assert.ok(now + lasts >= until && lasts >= length);
          until = now + lasts;
        }
      },
    ),
  );
});
