import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localTime } from './log-time.ts';

test('localTime() reads every form of time', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  for (const [stamp, expected] of [
    [{ time: '2026-11-23 08:53:00' }, '2026-11-23T07:53:00.000Z'],
    [{ time: '2026-07-01 08:53:00' }, '2026-07-01T06:53:00.000Z'],
    [{ time: '2026-11-23 08:53:00', fraction: '.123' }, '2026-11-23T07:53:00.123Z'],
    [{ time: '2026-11-23 08:53:00', zone: '-0330' }, '2026-11-23T12:23:00.000Z'],
    [{ prefix: 'Nov 23 08:53:00 mx exim[1]: ' }, '2026-11-23T07:53:00.000Z'],
    [{ prefix: 'Dec  1 08:53:00 mx exim[1]: ' }, '2025-12-01T07:53:00.000Z'],
    [{ prefix: '2026-11-23T08:53:00.5+01:00 mx exim[1]: ' }, '2026-11-23T07:53:00.500Z'],
    [{ prefix: 'Nov 23 08:53:00 mx exim[1]: ', time: '2024-11-23 08:53:00' }, '2024-11-23T07:53:00.000Z'],
  ] as const) {
    const at = localTime('Europe/Berlin', now)(stamp);
    assert.equal(at === undefined ? at : new Date(at).toISOString(), expected);
  }
  assert.equal(localTime('UTC')({ prefix: 'Nov 23 08:53:00 mx exim[1]: ' }), undefined);
  assert.equal(localTime('UTC')({}), undefined);
});

test('localTime() tells the two passes of the hour that autumn repeats by the order of the log', () => {
  const read = localTime('Europe/Berlin');
  const times = ['01:59:59', '02:00:00', '02:30:00', '02:59:59', '02:00:00', '02:59:59', '03:00:00'];
  const at = times.map((time) =>
    new Date(read({ time: `2026-10-25 ${time}` }) ?? 0).toISOString().slice(11, 19),
  );
  assert.deepEqual(at, ['23:59:59', '00:00:00', '00:30:00', '00:59:59', '01:00:00', '01:59:59', '02:00:00']);
});

test('localTime() skips the hour that spring leaves out', () => {
  const read = localTime('Europe/Berlin');
  const at = ['01:59:59', '03:00:00'].map((time) => read({ time: `2026-03-29 ${time}` }) ?? 0);
  assert.equal((at[1] ?? 0) - (at[0] ?? 0), 1000);
});
