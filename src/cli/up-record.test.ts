import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doneSince, nothingDone, type UpRecord } from './up-record.ts';

const all: UpRecord = {
  user: true,
  settings: 'a',
  jails: { before: '', after: 'b' },
  history: '/etc/exim4',
  encryption: true,
  units: ['/one', '/two'],
  fail2ban: { enabled: true },
};

const table: readonly [string, UpRecord, UpRecord, UpRecord][] = [
  ['a first run', nothingDone, all, all],
  ['nothing new', all, all, nothingDone],
  [
    'a second run',
    { ...nothingDone, user: true, settings: 'a', units: ['/one'] },
    { ...nothingDone, user: true, settings: 'a', units: ['/one', '/two'], fail2ban: { enabled: false } },
    { ...nothingDone, units: ['/two'], fail2ban: { enabled: false } },
  ],
];

test('doneSince() tells what one run has done', () => {
  for (const [why, before, after, expected] of table)
    assert.deepEqual(doneSince(before, after), expected, why);
});
