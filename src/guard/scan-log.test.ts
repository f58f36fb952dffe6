import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeAttackLog } from '../../bench/attack-log.ts';
import { logContext } from '../exim/log-context.ts';
import { inBothLogs, SyslogEntries } from '../exim/syslog-entries.ts';
import { readSettings } from '../base/settings-text.ts';
import { ownScanRules } from './own-scan-rules.ts';
import { showLines } from './scan-lines.ts';
import { scanLogs } from './scan-log.ts';
import { builtInRules, type ScanRules } from './scan-rules.ts';
import { guardSection } from './settings.ts';
import { sightingOf } from './sighting.ts';

const folder = mkdtempSync(join(tmpdir(), 'portreeve-scan-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const context = logContext({ timeZone: 'UTC' });
const corpus = ['templates-4.96.txt', 'hostile-4.96.txt'].flatMap((name) =>
  readFileSync(new URL(`../../corpus/log/${name}`, import.meta.url), 'latin1')
    .split('\n')
    .filter((line) => /^\d{4}-/.test(line)),
);

function attack(lines: number): string[] {
  const path = join(folder, 'attack');
  writeAttackLog(path, lines);
  return readFileSync(path, 'latin1').trimEnd().split('\n');
}

/** A scan against every line parsed by the grammar. */
async function compare(lines: readonly string[]): Promise<Record<string, number>> {
  const path = join(folder, 'log');
  writeFileSync(path, `${lines.join('\n')}\n`, 'latin1');
  const entries = new SyslogEntries(context);
  const events: Record<string, number> = {};
  const rules: Record<string, number> = {};
  const addresses = new Set<string>();
  for (const line of lines) {
    const { event, text } = entries.read(line);
    events[event.kind] = (events[event.kind] ?? 0) + 1;
    const sighting = sightingOf(event, text);
    if (sighting === undefined) continue;
    rules[sighting.kind] = (rules[sighting.kind] ?? 0) + 1;
    addresses.add(sighting.address);
  }
  const report = await scanLogs([path], { junkHelo: true, rules: builtInRules });
  assert.deepEqual(
    { ...report, events: { ...report.events }, rules: { ...report.rules } },
    { lines: lines.length, bytes: report.bytes, events, addresses: addresses.size, rules, problems: [] },
  );
  return events;
}

test('scanLogs() counts what the grammar and the rules see, line by line', async () => {
  await compare([...attack(20_000), ...corpus]);
});

test('scanLogs() counts an entry once that stands in syslog twice', async () => {
  const entries = new SyslogEntries(context);
  const lines = [...attack(3000), ...corpus];
  const copied = lines.filter((line) => inBothLogs.has(entries.read(line).event.kind));
  const syslog = lines.flatMap((line) => {
    const main = `Nov 23 08:53:00 mx exim[12]: ${line}`;
    if (!inBothLogs.has(entries.read(line).event.kind)) return [main];
    return [main, main.replace(': ', ': [1\\2] '), 'Nov 23 08:53:00 mx exim[12]: [2/2] P Received: from x'];
  });
  const events = await compare(syslog);
  assert.ok(copied.length > 1000);
  assert.equal(events['continuation'], copied.length * 2);
});

test('scanLogs() tells of a file that shrinks while it is read, and counts what was there', async () => {
  const path = join(folder, 'shrinks');
  writeAttackLog(path, 40_000);
  let told = false;
  const report = await scanLogs([path], {
    junkHelo: true,
    rules: builtInRules,
    progress: () => {
      if (!told) truncateSync(path, 1_000_000);
      told = true;
    },
  });
  assert.match(report.problems[0]?.message ?? '', /it shrank while it was read: \d+ of \d+ bytes/);
  assert.ok(report.lines > 1000 && report.lines < 40_000);
});

const webLines = [
  '198.18.0.1 - - [24/Nov/2026:09:00:00 +0000] "GET /index.html HTTP/1.1" 200 5 "-" "x"',
  '198.18.0.2 - - [24/Nov/2026:09:00:01 +0000] "GET /w00tw00t.at.ISC.SANS.DFind:) HTTP/1.1" 404 5 "-" "-"',
  '2001:db8::9 - - [24/Nov/2026:09:00:02 +0000] "GET /.env HTTP/1.1" 404 5 "-" "[198.18.0.7]"',
];

const own = readSettings(
  `[[guard.rule]]
name = "fishing"
event = "rejected"
where = ["text ~ ^gone fishing"]
kind = "harvest"
[[guard.rule]]
name = "shop"
log = "/var/log/shop.log"
pattern = "^login failed from <HOST>$"
kind = "credential"
`,
  'file',
  [guardSection],
);
assert.ok(own.ok);

const fishing =
  '2026-11-24 09:00:00 H=(x) [198.18.0.5] F=<a@b.example> rejected RCPT <x@c.test>: gone fishing';

const scans: readonly {
  readonly what: string;
  readonly name: string;
  readonly rules: ScanRules;
  readonly lines: readonly string[];
  readonly found: Readonly<Record<string, number>>;
  readonly peers: readonly string[];
}[] = [
  {
    what: "a web server's log by its first line",
    name: 'anything',
    rules: builtInRules,
    lines: webLines,
    found: { probe: 2 },
    peers: ['198.18.0.2', '2001:db8::9'],
  },
  {
    what: "a rule of one's own on an event of Exim's",
    name: 'mainlog',
    rules: ownScanRules(own.value),
    lines: [fishing, fishing.replace('gone', 'still'), `${fishing.slice(0, 35)}\tno more`],
    found: { harvest: 1 },
    peers: ['198.18.0.5'],
  },
  {
    what: "a rule of one's own on another log, rotated",
    name: 'shop.log.1',
    rules: ownScanRules(own.value),
    lines: [
      'login failed from 198.18.0.6',
      'x login failed from 198.18.0.7',
      'login failed from 198.18.0.300',
    ],
    found: { credential: 1 },
    peers: ['198.18.0.6'],
  },
];
for (const { what, name, rules, lines, found, peers } of scans)
  test(`a scan sees ${what}, in its counts and in its lines`, async () => {
    const path = join(folder, name);
    writeFileSync(path, `${lines.join('\n')}\n`);
    const report = await scanLogs([path], { junkHelo: true, rules });
    assert.deepEqual(report.problems, []);
    assert.deepEqual({ ...report.rules }, found);
    assert.deepEqual([report.lines, report.addresses], [lines.length, peers.length]);
    const shown: string[] = [];
    const options = { show: 'matched', rules, rule: undefined, context: { timeZone: 'UTC' } } as const;
    const { problems, count } = await showLines([path], options, ({ peer = '' }) => shown.push(peer));
    assert.deepEqual(problems, []);
    assert.equal(count, peers.length);
    assert.deepEqual(shown, peers);
  });
