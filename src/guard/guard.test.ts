import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address } from '../base/address.ts';
import { Allowlist } from './allowlist.ts';
import { Guard } from './guard.ts';
import { defaultRules } from './rule.ts';
import type { Sighting } from './sighting.ts';
import type { MailSocket } from './socket-table.ts';
import { Tally } from './tally.ts';

const bot = '198.18.0.11' as Address;
const sender = '198.19.0.11' as Address;
const own = '192.0.2.25' as Address;

const guard = (): Guard => new Guard(new Tally(defaultRules), new Allowlist([own]));
const turnedAway = (address: Address): Sighting => ({ kind: 'turned-away', address, line: 'refused' });
const holder = (peer: Address): MailSocket => ({
  peer,
  peerPort: 1,
  localPort: 25,
  bytesReceived: 0,
  bytesSent: 73,
  lastReceivedMs: 9000,
  lastSentMs: 9000,
});

test('Guard.judge() bans nobody while Exim turns nobody away', () => {
  assert.deepEqual(guard().judge([holder(bot)], 0), []);
});

test('Guard.judge() finds the slot holder, not the sender that was turned away', () => {
  const judge = guard();
  assert.equal(judge.see(turnedAway(sender), 1000), undefined);
  assert.deepEqual(
    judge.judge([holder(bot)], 1100).map(({ address }) => address),
    [bot],
  );
  assert.deepEqual(judge.judge([holder(bot)], 1200), [], 'judged once');
  assert.equal(judge.isUnderAttack(1200), true);
  assert.equal(judge.isUnderAttack(60_000), false);
});

test('Guard.judge() judges again when the ban is over', () => {
  const judge = guard();
  judge.see(turnedAway(sender), 0);
  const [verdict] = judge.judge([holder(bot)], 0);
  assert.ok(verdict !== undefined);
  judge.see(turnedAway(sender), verdict.bantime);
  assert.equal(judge.judge([holder(bot)], verdict.bantime).length, 1);
});

test('Guard spares the allowlist and loopback, whatever they do', () => {
  const judge = guard();
  for (const address of [own, '127.0.0.1' as Address, '::1' as Address]) {
    for (let count = 0; count < 50; count += 1)
      assert.equal(judge.see(turnedAway(address), count), undefined);
    assert.deepEqual(judge.judge([holder(address)], 100), []);
  }
});
