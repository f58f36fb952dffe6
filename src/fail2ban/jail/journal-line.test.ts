import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEntry } from '../../host/journal-follower.ts';
import { journalLine, journalMatches } from './journal-line.ts';

const at = { __REALTIME_TIMESTAMP: '1795600000500000' };

const entries: [says: string, entry: JournalEntry, line: string][] = [
  [
    'host, program and process',
    { ...at, _HOSTNAME: 'mx', SYSLOG_IDENTIFIER: 'sshd', SYSLOG_PID: '7', _PID: '8', MESSAGE: 'x' },
    'mx sshd[7]: x',
  ],
  [
    'what the kernel knows of it',
    { ...at, _HOSTNAME: 'mx', _COMM: 'sshd', _PID: '8', MESSAGE: 'x' },
    'mx sshd[8]: x',
  ],
  ['no process', { ...at, SYSLOG_IDENTIFIER: 'cron', MESSAGE: 'x' }, 'cron: x'],
  ['nothing but a message', { ...at, MESSAGE: 'a\nb' }, 'a\\nb'],
  ['no message', { ...at, _HOSTNAME: 'mx', MESSAGE: null }, 'mx '],
  ['a process that is no number', { ...at, _COMM: 'x', SYSLOG_PID: 'one', MESSAGE: 'y' }, 'x[one]: y'],
  [
    'the kernel',
    { ...at, SYSLOG_IDENTIFIER: 'kernel', _SOURCE_MONOTONIC_TIMESTAMP: '1500000', MESSAGE: 'x' },
    'kernel: [    1.500000] x',
  ],
  ['bytes', { ...at, MESSAGE: [...Buffer.from('gr\xfc', 'latin1')] }, 'gr\xfc'],
  ['several messages', { ...at, MESSAGE: ['a', 'b'] }, 'a b'],
];

for (const [says, entry, line] of entries) {
  test(`an entry of the journal: ${says}`, () => {
    const { parts, time } = journalLine(entry);
    assert.deepEqual([parts[0], parts[2], time], ['', line, 1_795_600_000.5]);
    assert.match(parts[1], /^2026-11-2\dT.*Z $/);
  });
}

test('the source’s own time comes first', () => {
  assert.equal(journalLine({ ...at, _SOURCE_REALTIME_TIMESTAMP: '1000000', MESSAGE: '' }).time, 1);
  assert.ok(Number.isNaN(journalLine({ MESSAGE: 'x' }).time));
});

test('journalmatch', () => {
  assert.deepEqual(journalMatches([]), []);
  assert.deepEqual(journalMatches(['_SYSTEMD_UNIT=ssh.service + _COMM=sshd', '_COMM="a b"']), [
    '_SYSTEMD_UNIT=ssh.service',
    '+',
    '_COMM=sshd',
    '+',
    '_COMM=a b',
  ]);
});
