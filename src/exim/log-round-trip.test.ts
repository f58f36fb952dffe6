import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { arbitraryLine, truePeer } from '../../test/log/arbitrary-line.ts';
import { logContext } from './log-context.ts';
import { parseLogLine } from './log-line.ts';
import { productions } from './log-productions.ts';
import { renderLogLine } from './log-render.ts';

const context = logContext({ timeZone: 'UTC' });
const runs = Number(process.env['PORTREEVE_RUNS'] ?? 60);
const stamps = [
  '2026-11-23 08:53:00 ',
  '2026-11-23 08:53:00.123 +0100 [4711] ',
  'Nov 23 08:53:00 mx exim[12]: 2026-11-23 08:53:00 ',
  '2026-11-23T08:53:00+01:00 mx exim[12]: 2026-11-23 08:53:00 ',
  '2026-11-23 08:53:00 1abcde-000000005vi-0000 ',
];

test('each production has a form of its own', () => {
  assert.equal(new Set(productions.map(({ form }) => form)).size, productions.length);
});

for (const { form, parts } of productions) {
  test(`renderLogLine() undoes parseLogLine(), and nobody else is named: ${form}`, () => {
    fc.assert(
      fc.property(fc.constantFrom(...stamps), arbitraryLine(parts), (stamp, message) => {
        const event = parseLogLine(stamp + message, context);
        assert.equal(renderLogLine(event), stamp + message);
        assert.ok(event.peer === undefined || event.peer === truePeer, `${event.form} names ${event.peer}`);
        assert.deepEqual(parseLogLine(renderLogLine(event), context), event);
      }),
      { numRuns: runs },
    );
  });
}

const real = ['templates-4.96.txt', 'hostile-4.96.txt'].flatMap((name) =>
  readFileSync(new URL(`../../corpus/log/${name}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => /^\d{4}-/.test(line)),
);

test('renderLogLine() undoes parseLogLine() on real lines with bytes changed', () => {
  const mutation = fc.record({
    line: fc.constantFrom(...real),
    at: fc.nat(400),
    drop: fc.nat(3),
    put: fc.oneof(
      fc.constantFrom('[', ']', '(', ')', '<', '>', '"', '=', ':', ' ', '\\', ' H=(x) [8.8.8.8] ', ''),
      fc.string({ maxLength: 3 }),
    ),
  });
  fc.assert(
    fc.property(mutation, ({ line, at, drop, put }) => {
      const place = at % line.length;
      const changed = line.slice(0, place) + put.replaceAll(/[\r\n]/g, '') + line.slice(place + drop);
      assert.equal(renderLogLine(parseLogLine(changed, context)), changed);
    }),
    { numRuns: runs * 100 },
  );
});

test('parseLogLine() is done with the worst line that Exim can write within 5 ms', () => {
  const texts = [
    ' H=',
    ') [',
    ') [8.8.8.8] ',
    '" H=[8.8.8.8] ',
    '"',
    ': ',
    ' U=',
    ' U=a b',
    ' F=<',
    '\\"',
    '>',
    ' A=x',
    ' <"',
  ];
  for (const { form, parts } of productions) {
    for (const text of texts) {
      const filled = parts.map((part) => {
        if (typeof part === 'string') return part;
        return 'host' in part ? 'H=(a) [192.0.2.77]' : text.repeat(Math.floor(4000 / text.length));
      });
      // log.c, LOG_BUFFER_SIZE
      const line = `2026-11-23 08:53:00 ${filled.join('')}`.slice(0, 8192);
      assert.ok(fastest(line) < 5, `${form} with ${JSON.stringify(text)}`);
    }
  }
});

/** Of ten tries, in milliseconds: what the machine does meanwhile is not the parser's. */
function fastest(line: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 10 && best >= 1; tries += 1) {
    const start = performance.now();
    parseLogLine(line, context);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
