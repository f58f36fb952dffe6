import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Duration } from '../base/duration.ts';
import { type Network, parseNetwork } from '../base/network.ts';
import { Backoff } from './backoff.ts';

const rule = { first: 2000 as Duration, most: 16_000 as Duration };
const target = (text: string): Network => {
  const network = parseNetwork(text);
  assert.ok(network !== undefined, text);
  return network;
};
const one = target('198.18.0.11');

const next = (backoff: Backoff, text: string, now: number): [string, number] | undefined => {
  const found = backoff.next(target(text), now);
  return found && [found.target.text, found.for];
};

test('Backoff.next() doubles each time that an address is turned away again, up to the most', () => {
  const backoff = new Backoff(rule);
  const times: [number, number | undefined][] = [
    [0, 2000],
    [1999, undefined],
    [2000, 4000],
    [6000, 8000],
    [14_000, 16_000],
    [30_000, 16_000],
    // A minute of quiet after the last of them.
    [106_000, 2000],
  ];
  for (const [now, wait] of times) assert.equal(backoff.next(one, now)?.for, wait, String(now));
});

test('Backoff.next() makes each target wait for itself', () => {
  const backoff = new Backoff(rule);
  assert.deepEqual(next(backoff, '2001:db8::/64', 0), ['2001:db8::/64', 2000]);
  assert.equal(next(backoff, '2001:db8::/64', 100), undefined);
  assert.deepEqual(next(backoff, '198.18.0.11', 100), ['198.18.0.11', 2000]);
  assert.deepEqual(next(backoff, '198.18.0.12', 100), ['198.18.0.12', 2000]);
});

test('Backoff.next() keeps nobody away where the rule says none', () => {
  const backoff = new Backoff({ ...rule, first: 0 as Duration });
  assert.equal(backoff.next(one, 0), undefined);
  backoff.adopt(rule);
  assert.equal(backoff.next(one, 0)?.for, 2000);
});

test('Backoff.next() forgets who waited longest ago when there are too many', () => {
  const backoff = new Backoff(rule, 2);
  for (const last of [1, 2, 3]) next(backoff, `198.18.0.${last}`, last);
  assert.equal(next(backoff, '198.18.0.3', 100), undefined, 'still known');
  assert.deepEqual(next(backoff, '198.18.0.1', 100), ['198.18.0.1', 2000], 'forgotten');
});
