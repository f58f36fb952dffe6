// Dates as fail2ban reads them. The clock stands at 2026-11-24 12:00, the local zone is an hour ahead of UTC.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Calendar } from './calendar.ts';
import { datesOf } from './dates-of.ts';
import { asciiDigits } from './ascii-digits.ts';
import { zoneOffset } from './zone-offset.ts';

const hour = 3_600_000;
const calendar: Calendar = {
  now: () => Date.UTC(2026, 10, 24, 11) / 1000,
  local: (seconds) => seconds * 1000 + hour,
  instant: (local) => (local - hour) / 1000,
};

/** The local time that is read from the line (T: its zone was in the line), and what is left of the line. */
function read(line: string, datepattern?: string): [string, string] | undefined {
  const dates = datesOf(datepattern, 2026);
  assert.ok(dates.ok);
  const found = dates.value.find(line, true, calendar.now());
  const time = found?.template.read(found.match, calendar, undefined);
  const span = found?.match.span(1);
  if (time === undefined || span === undefined) return undefined;
  return [
    new Date(time * 1000 + hour).toISOString().slice(0, 19),
    line.slice(0, span[0]) + line.slice(span[1]),
  ];
}

const lines: [line: string, time: string | undefined, rest?: string | undefined, pattern?: string][] = [
  ['2026-11-24 09:30:05 x', '2026-11-24T09:30:05', ' x'],
  ['2026-11-24T09:30:05.123Z x', '2026-11-24T10:30:05', ' x'],
  ['2026-11-24 09:30:05 +0530 x', '2026-11-24T05:00:05', ' x'],
  ['[2026-11-24 09:30:05] x', '2026-11-24T09:30:05', '[] x'],
  ['1999-11-24 09:30:05 x', undefined],
  ['Nov  4 09:30:05 mx x', '2026-11-04T09:30:05', ' mx x'],
  // More than a day ahead: last year's
  ['Nov 26 09:30:05 mx x', '2025-11-26T09:30:05', ' mx x'],
  ['Nov 25 09:30:05 mx x', '2026-11-25T09:30:05', ' mx x'],
  ['x [24/Nov/2026:09:30:05 +0100] y', '2026-11-24T09:30:05', 'x [] y'],
  ['24-Nov-2026 09:30:05.252 x', '2026-11-24T09:30:05', ' x'],
  ['1795512605 x', '2026-11-24T10:30:05', ' x'],
  ['09:30:05 x', '2026-11-24T09:30:05', ' x'],
  ['23:30:05 x', '2026-11-23T23:30:05', ' x'],
  ['261124 09:30:05 x', '2026-11-24T09:30:05', ' x'],
  ['Nov 24, 2026 9:30:05 PM x', '2026-11-24T21:30:05', ' x'],
  ['@40000000500a1b2c12345678 x', '2012-07-21T03:59:56', ' x'],
  ['2026-02-30 09:30:05 x', undefined],
  ['no date at all', undefined],
  ['x 24.11.26 9h30 y', '2026-11-24T09:30:00', 'x  y', '%d\\.%m\\.%Exy %kh%M'],
  ['t=1795512605123 x', '2026-11-24T10:30:05', ' x', 't={LEPOCH}'],
  ['<2026-11-24 09:30:05> x', '2026-11-24T09:30:05', ' x', '^<{DATE}>'],
  ['x 2026-11-24 09:30:05', undefined, undefined, '{^LN-BEG}'],
  ['2026 47 2 x', '2026-11-24T00:00:00', ' x', '%Y %W %w'],
  ['24 Nov 2026 CEST x', '2026-11-23T23:00:00', ' x', '%d %b %Y %ExZ'],
];

for (const [line, time, rest, pattern] of lines) {
  test(`${line}${pattern === undefined ? '' : ` by ${pattern}`}`, () => {
    assert.deepEqual(read(line, pattern), time === undefined ? undefined : [time, rest]);
  });
}

test('a pattern with a percent sign that is no field is refused', () => {
  const dates = datesOf('%q', 2026);
  assert.ok(!dates.ok);
  assert.match(dates.problem.message, /needs %% for a percent sign, or a field: %q/);
});

test('zones and digits', () => {
  assert.deepEqual(['Z', 'CET', 'EST', '+0200', '-05:30', 'UTC+01', 'XYZ', ''].map(zoneOffset), [
    0,
    60,
    -300,
    120,
    -330,
    60,
    undefined,
    0,
  ]);
  assert.deepEqual([' 7', '٣٤', '０９', '𝟗𝟘'].map(asciiDigits), [' 7', '34', '09', '90']);
});

test('the template of the last line is tried first, and at its place', () => {
  const dates = datesOf(undefined, 2026);
  assert.ok(dates.ok);
  for (let count = 0; count < 5; count += 1) dates.value.find('mx: Nov 24 09:30:05 x', true, 0);
  const found = dates.value.find('mx: Nov 24 09:30:05 2026-11-24 10:00:00', true, 0);
  assert.equal(found?.match.group(1), 'Nov 24 09:30:05');
  assert.deepEqual(
    dates.value
      .hits()
      .filter(({ hits }) => hits > 0)
      .map(({ hits }) => hits),
    [6],
  );
});
