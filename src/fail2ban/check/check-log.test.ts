// A filter over a log, as a person runs it.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { checkLog, type CheckOptions } from './check-log.ts';
import type { CheckedLine, LineVerdict } from './check-report.ts';

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

const agreeing: readonly {
  readonly name: string;
  readonly filter: string;
  readonly lines: readonly string[];
}[] = [
  {
    name: 'connections',
    filter: `prefregex = ^<F-MLFID> mx sshd\\[\\d+\\]</F-MLFID>: <F-CONTENT>.+</F-CONTENT>$
failregex = ^Failed for <F-USER>\\S*</F-USER> from <ADDR>$
  ^<F-NOFAIL>Connection from</F-NOFAIL> <ADDR>
  ^<F-NOFAIL>Failed key for</F-NOFAIL> <F-USER>\\S+</F-USER>|<F-ALT_USER>nobody</F-ALT_USER>
  ^account <F-USER>\\S+</F-USER> is locked
  ^<F-MLFFORGET><F-MLFGAINED>Accepted</F-MLFGAINED></F-MLFFORGET> for <F-USER>\\S+</F-USER> from <ADDR>
  ^<F-MLFFORGET>Disconnected</F-MLFFORGET>`,
    lines: [
      'Failed for root from 192.0.2.1',
      'Failed for  from 192.0.2.1',
      'Failed for é from 192.0.2.1',
      'Connection from 192.0.2.2 port 22',
      'Failed key for bob',
      'Failed key for eve',
      'account bob is locked',
      'Accepted for bob from 192.0.2.1',
      'Disconnected',
      'nothing',
    ].flatMap((line) => [1, 2, 3].map((id) => `2026-11-24 10:00:00 mx sshd[${id}]: ${line}`)),
  },
  {
    name: 'a date in the middle',
    filter:
      'failregex = ^<ADDR> - \\[\\] "GET\n  ^<ADDR> bad$\ndatepattern = ^[^\\[]*\\[({DATE})\n  {^LN-BEG}',
    lines: [
      '192.0.2.1 - [24/Nov/2026:10:00:00 +0000] "GET /',
      '192.0.2.1 - [24/Nov/2026:10:00:00 +0000] "POST /',
      '2026-11-24 10:00:00 192.0.2.1 bad',
      '192.0.2.1 bad',
      '192.0.2.1 - [] "GET /é',
      '2026-11-24 10:00:00192.0.2.1 bad\r\r',
    ],
  },
];

for (const { name, filter, lines } of agreeing) {
  test(`the quick way counts as the whole way does: ${name}`, async () => {
    writeFileSync(join(folder, 'filter.d/agree.conf'), `[Definition]\n${filter}\n`);
    const log = join(folder, 'agree.log');
    const verdicts = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...lines, '# comment', ''), { maxLength: 40 }),
        async (some) => {
          writeFileSync(log, some.join('\n'));
          const judged: [string[], string[]] = [[], []];
          const judge = (place: 0 | 1) => (line: string, verdict: LineVerdict) => {
            judged[place].push(`${verdict} ${line}`);
            verdicts.add(verdict);
          };
          const quick = await checkLog(log, 'agree', { ...options, judged: judge(0) });
          const whole = await checkLog(log, 'agree', {
            ...options,
            judged: judge(1),
            found: () => undefined,
          });
          assert.ok(quick.ok && whole.ok);
          assert.deepEqual(judged[0], judged[1]);
          assert.deepEqual(quick.value, whole.value);
        },
      ),
      { numRuns: 25 },
    );
    assert.ok(verdicts.has('matched') && verdicts.has('missed'));
  });
}

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
