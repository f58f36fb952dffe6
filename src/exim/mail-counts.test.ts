import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MailCounts } from './mail-counts.ts';

test('MailCounts gives a delivery the size of its message, whichever thread saw which', () => {
  const first = new MailCounts();
  first.arrived('a', 1000, 0);
  first.delivered('a', true);
  first.completed('a', 0);
  first.arrived('b', 500, 0);
  first.completed('b', 2);
  const second = new MailCounts();
  second.delivered('b', true);
  second.delivered('b', false);
  second.troubled('b', 'delayed');
  second.delivered('unknown', true);
  second.rejected(true);
  second.rejected(false);
  const total = new MailCounts();
  total.merge(second);
  total.merge(first);
  assert.deepEqual(total.totals(), {
    received: { messages: 2, bytes: 1500 },
    delivered: { messages: 3, addresses: 4, bytes: 1500 },
    delayed: 1,
    failed: 0,
    rejects: 1,
    temporaryRejects: 1,
  });
});
