// A filter over a log, as a person runs it.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { checkLog, type CheckOptions } from './check-log.ts';
import type { CheckedLine } from './check-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'portreeve-check-'));
test.after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'filter.d'));
writeFileSync(
  join(folder, 'filter.d/exim-dos.conf'),
  '[Definition]\nfailregex = \\[<HOST>\\] .*refused: too many connections\nignoreregex =\n',
);
const options: CheckOptions = { folder, usedns: 'warn', encoding: 'utf-8' };
const refused = (address: string): string =>
  `2026-11-24 10:00:00 Connection from [${address}] refused: too many connections`;

test('a filter of two lines, a file and its archive', async () => {
  const log = `${refused('192.0.2.7')}\nsomething else\n# comment\n\n${refused('2001:db8::1')} é`;
  writeFileSync(join(folder, 'log'), log);
  writeFileSync(join(folder, 'log.gz'), gzipSync(log));
  for (const name of ['log', 'log.gz']) {
    const found: CheckedLine[] = [];
    const report = await checkLog(join(folder, name), 'exim-dos', {
      ...options,
      found: (line) => found.push(line),
    });
    assert.ok(report.ok);
    assert.deepEqual([report.value.lines, report.value.matched, report.value.missed], [3, 2, 1]);
    assert.deepEqual(
      found.map(({ line, host, regex }) => [line, host, regex]),
      [
        [1, '192.0.2.7', 1],
        [5, '2001:db8::1', 1],
      ],
    );
  }
});

test('the quick way counts as the whole way does', async () => {
  const filter =
    '[Definition]\nfailregex = ^ Connection from \\[<HOST>\\] refused\n  ^ bad <F-USER>\\S+</F-USER> from <HOST>$\n';
  writeFileSync(join(folder, 'filter.d/two.conf'), filter);
  const lines = [
    ' Connection from [192.0.2.7] refused',
    ' bad bob from 192.0.2.8',
    ' bad é from 192.0.2.9',
    ' bad bob from nobody!',
    ' Connection from [] refused',
    ' Connection from [192.0.2.7] refused\r',
    '',
  ];
  const stamps = [
    '2026-11-24 10:00:00',
    '2026-11-24 10:00:01.5',
    '[2026-11-24 10:00:01]',
    'Nov 24 10:00:02',
    '',
  ];
  const log = stamps.flatMap((stamp) => lines.map((line) => `${stamp}${line}`)).join('\n');
  writeFileSync(join(folder, 'mixed.log'), `${log}\n# comment\n${log}`);
  const quick = await checkLog(join(folder, 'mixed.log'), 'two', options);
  const whole = await checkLog(join(folder, 'mixed.log'), 'two', { ...options, found: () => undefined });
  assert.ok(quick.ok && whole.ok);
  assert.deepEqual(quick.value, whole.value);
  assert.ok(quick.value.matched > 10 && quick.value.missed > 10);
});

test('an expression that does not end is quarantined, and the others go on', async () => {
  writeFileSync(
    join(folder, 'filter.d/slow.conf'),
    '[Definition]\nfailregex = ^x (?:a+)+c <HOST>\n  ^x \\S+ <HOST>\n',
  );
  const log = join(folder, 'slow.log');
  writeFileSync(log, `x ${'a'.repeat(60)}b c 192.0.2.7\nx b 192.0.2.8\n`);
  const report = await checkLog(log, 'slow', { ...options, batchBudget: 200 });
  assert.ok(report.ok);
  assert.deepEqual(report.value.quarantined, ['^x (?:a+)+c <HOST>']);
  assert.deepEqual([report.value.lines, report.value.matched], [2, 2]);
});

const wrong: [filter: string, text: string, says: RegExp][] = [
  [
    'no-host',
    '[Definition]\n\nfailregex = from nobody\n',
    /no-host.conf, line 3: .*needs a group that names the host/,
  ],
  ['no-compile', '[Definition]\nfailregex = <HOST> (\n', /no-compile.conf, line 2: .*at position \d+/],
  [
    'tag',
    '[Definition]\nfailregex = <HOSTS>\n',
    /tag.conf, line 2: .*needs tags that fail2ban knows: <HOSTS>/,
  ],
  ['round', '[INCLUDES]\nbefore = round.conf\n', /needs includes without a loop/],
  [
    'circle',
    '[Definition]\nfailregex = <a>\na = <b>\nb = <a>\n',
    /needs tags that do not refer to themselves/,
  ],
];

for (const [name, text, says] of wrong) {
  test(`a filter that is wrong names its file: ${name}`, async () => {
    writeFileSync(join(folder, `filter.d/${name}.conf`), text);
    const report = await checkLog(refused('192.0.2.7'), name, options);
    assert.ok(!report.ok);
    assert.match(report.problem.message, says);
    assert.match(report.problem.path ?? '', new RegExp(name));
  });
}

test('a filter that is not there', async () => {
  const report = await checkLog('x', 'nothing', options);
  assert.ok(!report.ok);
  assert.match(report.problem.message, /cannot find the filter nothing/);
});
