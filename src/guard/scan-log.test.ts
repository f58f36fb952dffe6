import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeAttackLog } from '../../bench/attack-log.ts';
import { logContext } from '../exim/log-context.ts';
import { inBothLogs, SyslogEntries } from '../exim/syslog-entries.ts';
import { scanLogs } from './scan-log.ts';
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
  const report = await scanLogs([path], { junkHelo: true });
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
    progress: () => {
      if (!told) truncateSync(path, 1_000_000);
      told = true;
    },
  });
  assert.match(report.problems[0]?.message ?? '', /it shrank while it was read: \d+ of \d+ bytes/);
  assert.ok(report.lines > 1000 && report.lines < 40_000);
});
