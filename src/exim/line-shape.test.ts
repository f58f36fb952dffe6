import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { arbitraryLine } from '../../test/log/arbitrary-line.ts';
import { createLineScanner } from './line-scanner.ts';
import { LineShape } from './line-shape.ts';
import { logContext } from './log-context.ts';
import { parseLogLine } from './log-line.ts';
import { productions } from './log-productions.ts';

const runs = Number(process.env['PORTREEVE_RUNS'] ?? 60);
const context = logContext({ timeZone: 'UTC' });
const scanner = createLineScanner();
const shape = new LineShape(scanner);

/** What every line of a shape has in common, as the first one told it. */
const known = new Map<number, string>();
/** Kinds that name a host which we went to; a shape does not. */
const outward = new Set(['delivery', 'failure', 'deferral']);

function check(line: string): boolean {
  const bytes = Buffer.from(`${line}\n`, 'latin1');
  scanner.bytes.set(bytes);
  assert.equal(scanner.index(bytes.length), 1);
  const number = shape.of(0, bytes.length - 1, scanner.lines[1] ?? 0);
  if (number === 0) return false;
  const event = parseLogLine(line, context);
  const { reason, phase, temporary, direction } = event as unknown as Record<string, unknown>;
  const common = [event.kind, reason, event.kind === 'rejected' ? phase : '', temporary, direction].join(' ');
  assert.equal(common, known.get(number) ?? common, line);
  known.set(number, common);
  const peer = shape.hasPeer ? bytes.toString('latin1', shape.literalAt, shape.literalEnd) : undefined;
  if (!outward.has(event.kind)) assert.equal(peer, event.host?.literal, line);
  return true;
}

test('LineShape agrees with parseLogLine() on every line that it judges, made up', () => {
  let judged = 0;
  const stamps = [
    '2026-11-23 08:53:00 ',
    '2026-11-23 08:53:00.123 +0100 [4711] ',
    'Nov 23 08:53:00 mx exim[12]: 2026-11-23 08:53:00 ',
    '2026-11-23T08:53:00+01:00 mx exim[12]: 2026-11-23 08:53:00 ',
    '2026-11-23 08:53:00 1abcde-000000005vi-0000 ',
  ];
  for (const { parts } of productions) {
    fc.assert(
      fc.property(fc.constantFrom(...stamps), arbitraryLine(parts), (stamp, message) => {
        if (check(stamp + message)) judged += 1;
      }),
      { numRuns: runs * 4 },
    );
  }
  assert.ok(judged > 300, `${judged} lines were judged`);
});

test('LineShape agrees with parseLogLine() on real lines, as they are and with bytes changed', () => {
  const lines = ['templates-4.96.txt', 'hostile-4.96.txt'].flatMap((name) =>
    readFileSync(new URL(`../../corpus/log/${name}`, import.meta.url), 'latin1')
      .split('\n')
      .filter((line) => /^\d{4}-/.test(line)),
  );
  const judged = lines.filter((line) => check(line));
  assert.ok(judged.length > lines.length / 4, `${judged.length} of ${lines.length} lines were judged`);
  const puts = [
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
    '"',
    '=',
    ':',
    ' ',
    ') [',
    ' H=',
    ' U=x',
    ' Ci=1',
    '\u00e9',
    '\t',
    'K',
    '',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...lines),
      fc.nat(400),
      fc.nat(3),
      fc.constantFrom(...puts),
      (line, at, drop, put) => {
        const place = at % line.length;
        check(line.slice(0, place) + put + line.slice(place + drop));
      },
    ),
    { numRuns: runs * 300 },
  );
});
