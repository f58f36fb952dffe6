import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DescribedRecord } from '../history/described-record.ts';
import type { Notice } from '../notice/notice.ts';
import { recordNotice } from '../notice/notices-of-history.ts';
import { gatherTimeline } from './gather-timeline.ts';

const ban = {
  target: '192.0.2.1',
  began: 2000,
  until: 62_000,
  rule: 'relay',
  reason: '3 sightings',
  offences: 1,
  mailBefore: 0,
  attempts: 0,
  mailLost: 0,
};
const told: Notice = {
  kind: 'ban',
  at: 2000,
  title: '192.0.2.1 is banned for 1m: relay',
  lines: ['a line'],
  subject: '192.0.2.1',
  urgency: 'told',
};
const record: DescribedRecord = {
  commit: 'abcdef1234567890',
  at: 3000,
  person: 'root',
  reason: 'renew the key\nmore',
  isUnexplained: false,
  changes: ['exim.key content'],
  paths: ['exim.key'],
  count: 1,
};
const folders = [{ folder: '/etc/exim4', records: [record] }];

test('gatherTimeline() tells each once, the newest first', () => {
  const parts = { told: [told], bans: [ban, { ...ban, target: '192.0.2.2', began: 1000 }], folders };
  assert.deepEqual(
    gatherTimeline(parts, 9).map(({ at, title, lines }) => [at, title, lines.length]),
    [
      [3000, 'recorded: renew the key (root)', 1],
      [2000, '192.0.2.1 is banned for 1m: relay', 1],
      [1000, '192.0.2.2 is banned for 1m1s: relay', 0],
    ],
  );
  assert.equal(gatherTimeline(parts, 2).length, 2);
  const again = { ...parts, told: [recordNotice('/etc/exim4', record)], bans: [] };
  assert.equal(gatherTimeline(again, 9).length, 1);
});
