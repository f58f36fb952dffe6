import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import { IncidentWatch } from './incident.ts';

const peer = (host: number): Address => `198.18.0.${host}` as Address;
const quiet = 60_000 as Duration;

test('IncidentWatch tells an attack as one story, once, when it has been quiet', () => {
  const watch = new IncidentWatch(quiet);
  watch.mail();
  for (let second = 0; second < 30; second += 1) watch.turnedAway(peer(second % 7), 1000 + second * 1000);
  watch.held(12, 0, 5000);
  watch.held(3, 2, 31_000);
  watch.banned('hammering', undefined, 4000);
  watch.banned('slot-holder', '2001:db8::/64', 40_000);
  watch.mail();
  assert.equal(watch.take(99_999), undefined, 'not quiet long enough');
  assert.equal(watch.current()?.turnedAway, 30);
  assert.deepEqual(watch.take(100_000), {
    began: 1000,
    ended: 40_000,
    turnedAway: 30,
    turnedAwayAddresses: 7,
    slotsHeld: 12,
    bans: { hammering: 1, 'slot-holder': 1 },
    networks: ['2001:db8::/64'],
    connectionsEnded: 2,
    mail: 1,
    fullFor: 29_000,
  });
  assert.equal(watch.take(200_000), undefined);
  assert.equal(watch.current(), undefined);
});

test('IncidentWatch makes no story of a single ban, or of a few refusals', () => {
  const watch = new IncidentWatch(quiet);
  watch.banned('relay', undefined, 0);
  for (let count = 0; count < 10; count += 1) watch.turnedAway(peer(1), count);
  assert.equal(watch.take(1_000_000), undefined);
  watch.banned('relay', undefined, 2_000_000);
  watch.banned('relay', undefined, 2_000_001);
  assert.equal(watch.take(2_000_002, true)?.ended, 2_000_001, 'at the end all is told');
});
