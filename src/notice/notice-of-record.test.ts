import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Duration } from '../base/duration.ts';
import type { GuardRecord } from '../guard/record.ts';
import { noticeOfRecord } from './notice-of-record.ts';

const at = 1_800_000_000_000;
const incident = {
  type: 'incident',
  at,
  began: at - 600_000,
  ended: at - 300_000,
  turnedAway: 120,
  turnedAwayAddresses: 7,
  slotsHeld: 18,
  bans: { relay: 1, slots: 40 },
  networks: ['2001:db8::/64'],
  connectionsEnded: 2,
  mail: 31,
  fullFor: 4500 as Duration,
} as const;

test('noticeOfRecord() tells what the guard did, each story under its subject', () => {
  const ban = { at, address: '192.0.2.1', seconds: 59.6, evidence: ['line'], mailBefore: 0 } as const;
  for (const [record, kind, subject, title] of [
    [{ type: 'ban', rule: 'relay', ...ban }, 'ban', '192.0.2.1', /^192\.0\.2\.1 is banned for 1m: relay$/],
    [
      { type: 'ban', rule: 'relay', ...ban, network: '192.0.2.0/24' },
      'ban',
      '192.0.2.1',
      /all of 192\.0\.2\.0\/24$/,
    ],
    [{ type: 'jail-ban', jail: 'exim-dos', ...ban }, 'ban', '192.0.2.1', /jail exim-dos$/],
    [{ type: 'attack', at, state: 'begun' }, 'attack', 'slots', /begun/],
    [{ type: 'attack', at, state: 'over' }, 'attack', 'slots', /nobody away any more/],
    [incident, 'attack', 'slots', /^an attack of 5 min is over$/],
    [
      { type: 'alert', at, login: 'bob', addresses: ['192.0.2.1', '192.0.2.2'] },
      'login-attack',
      'bob',
      /^2 addresses/,
    ],
    [
      { type: 'problem', at, problem: { kind: 'unavailable', message: 'cannot x: y' } },
      'trouble',
      'cannot x',
      /y$/,
    ],
  ] as const) {
    const notice = noticeOfRecord(record as GuardRecord);
    assert.equal(notice?.kind, kind);
    assert.equal(notice.subject, subject);
    assert.match(notice.title, title);
    assert.equal(notice.at, at);
  }
  assert.equal(noticeOfRecord({ type: 'unban', at, target: '192.0.2.1', by: 'root' }), undefined);
});

test('noticeOfRecord() tells of an attack what it was and what it cost', () => {
  assert.deepEqual(noticeOfRecord(incident)?.lines, [
    '120 times turned away, from 7 addresses, for 5 s',
    '18 connections at a time without progress',
    '40 banned: slots',
    '1 banned: relay',
    'whole networks: 2001:db8::/64',
    '2 connections of trusted addresses ended',
    '31 messages accepted meanwhile',
  ]);
  const quiet = {
    ...incident,
    turnedAway: 0,
    slotsHeld: 0,
    bans: {},
    networks: [],
    connectionsEnded: 0,
    mail: 0,
  };
  assert.deepEqual(noticeOfRecord(quiet)?.lines, ['nobody was turned away', '0 messages accepted meanwhile']);
});
