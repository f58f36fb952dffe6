import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiNotice } from '../server/api/notice.ts';
import { groupNotices } from './group-notices.ts';

const notice = (title: string, subject: string, hint = 'portreeve tls enable'): ApiNotice => ({
  kind: 'starttls',
  at: 1,
  title,
  lines: [`of ${subject}`],
  subject,
  urgency: 'needed',
  hint,
});

const table: readonly [string, readonly ApiNotice[], readonly string[]][] = [
  ['none', [], []],
  [
    'the same of several ports',
    [
      notice('encryption on port 587 is not sound: x', 'port 587'),
      notice('encryption on port 25 is not sound: x', 'port 25'),
    ],
    ['encryption on ports 25, 587 is not sound: x'],
  ],
  [
    'different things',
    [
      notice('encryption on port 587 is not sound: x', 'port 587'),
      notice('encryption on port 25 is not sound: y', 'port 25'),
      notice('encryption on port 465 is not sound: x', 'port 465', 'another hint'),
    ],
    [
      'encryption on port 587 is not sound: x',
      'encryption on port 25 is not sound: y',
      'encryption on port 465 is not sound: x',
    ],
  ],
  [
    'the same twice, of no port',
    [notice('a change waits', 'waiting 1'), notice('a change waits', 'waiting 2')],
    ['a change waits', 'a change waits'],
  ],
];

test('groupNotices() joins what is the same of several ports', () => {
  for (const [why, notices, expected] of table)
    assert.deepEqual(
      groupNotices(notices).map(({ title }) => title),
      expected,
      why,
    );
  const [joined] = groupNotices(table[1]?.[1] ?? []);
  assert.deepEqual(joined?.lines, ['port 587:', 'of port 587', 'port 25:', 'of port 25']);
});
