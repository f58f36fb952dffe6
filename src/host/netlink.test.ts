// A question that was broken off by a watchdog, between itself and its answer, leaves nothing for the next one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Netlink, protocols } from './netlink.ts';
import { endsWithin } from './within-time.ts';

/** A message of a type that nobody knows: its answer is a refusal that bears its number. */
function unknown(sequence: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(999, 4);
  bytes.writeUInt16LE(1, 6);
  bytes.writeUInt32LE(sequence, 8);
  return bytes;
}

test('Netlink.ask() has its own answer after one that was broken off', () => {
  const opened = Netlink.open(protocols.socketDiagnosis);
  assert.ok(opened.ok);
  const netlink = opened.value;
  let sequence = 0;
  for (let round = 0; round < 50; round += 1) {
    const ends = endsWithin(2, () => {
      for (;;) netlink.ask(unknown(++sequence));
    });
    assert.equal(ends, false);
    sequence += 1;
    const answer = netlink.ask(unknown(sequence));
    assert.ok(answer.ok);
    assert.deepEqual(
      answer.value.errors.map((error) => error.sequence),
      [sequence],
    );
  }
  netlink.close();
});
