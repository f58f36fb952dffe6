import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeAttackLog } from '../../bench/attack-log.ts';
import { logContext } from '../exim/log-context.ts';
import { parseLogLine } from '../exim/log-line.ts';
import { scanLogs } from './scan-log.ts';
import { sightingOf } from './sighting.ts';

test('scanLogs() counts what parseLogLine() and sightingOf() see, line by line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-scan-'));
  const path = join(folder, 'log');
  writeAttackLog(path, 20_000);
  for (const name of ['templates-4.96.txt', 'hostile-4.96.txt']) {
    const text = readFileSync(new URL(`../../corpus/log/${name}`, import.meta.url), 'utf8');
    appendFileSync(
      path,
      text
        .split('\n')
        .filter((line) => /^\d{4}-/.test(line))
        .join('\n'),
    );
    appendFileSync(path, '\n');
  }
  const events: Record<string, number> = {};
  const rules: Record<string, number> = {};
  const addresses = new Set<string>();
  const context = logContext({ timeZone: 'UTC' });
  const lines = readFileSync(path, 'latin1').trimEnd().split('\n');
  for (const line of lines) {
    const event = parseLogLine(line, context);
    events[event.kind] = (events[event.kind] ?? 0) + 1;
    const sighting = sightingOf(event, line);
    if (sighting === undefined) continue;
    rules[sighting.kind] = (rules[sighting.kind] ?? 0) + 1;
    addresses.add(sighting.address);
  }
  const report = await scanLogs([path], { junkHelo: true });
  rmSync(folder, { recursive: true });
  assert.deepEqual(
    { ...report, events: { ...report.events }, rules: { ...report.rules } },
    { lines: lines.length, bytes: report.bytes, events, addresses: addresses.size, rules, problems: [] },
  );
});
