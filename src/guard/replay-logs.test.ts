import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Network } from '../base/network.ts';
import { parseNetwork } from '../base/network.ts';
import { Allowlist } from './allowlist.ts';
import { assembleGuard } from './assemble-guard.ts';
import { replayLogs } from './replay-logs.ts';
import { defaultSettings } from './settings.ts';

const relay = '198.18.0.9';
const mixed = '198.19.0.4';

const line = (time: string, text: string): string => `2026-11-23 ${time} ${text}\n`;
const relays = (time: string, peer: string): string =>
  line(time, `H=(x) [${peer}] F=<a@b.example> rejected RCPT <a@other.test>: relay not permitted`);
const mails = (time: string, peer: string): string =>
  line(time, `1xVPxv-00005n-1U <= a@b.example H=(b) [${peer}] P=esmtp S=472`);

const log = [
  mails('08:00:00', mixed),
  relays('09:00:00', relay),
  relays('09:00:01', relay),
  line('09:00:01', '1xVPxw-00005n-1U => b@c.example R=dnslookup T=remote_smtp H=c [198.18.0.9]'),
  relays('09:00:02', relay),
  relays('09:00:03', relay),
  line('09:30:00', '1xVPxw-00005n-1U => b@c.example R=dnslookup T=remote_smtp H=c [198.18.0.9]'),
  relays('09:59:00', relay),
  relays('10:00:00', mixed),
  relays('10:00:01', mixed),
  relays('10:00:02', mixed),
  relays('10:00:03', mixed),
  mails('10:10:00', mixed),
  mails('10:11:00', mixed),
  relays('11:30:00', relay),
  mails('12:00:00', mixed),
];

async function replay(
  context: TestContext,
  files: Record<string, string | Buffer>,
  set: string[] = [],
  allow: Network[] = [],
) {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-replay-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const settings = defaultSettings.with(set);
  assert.ok(settings.ok);
  const guard = assembleGuard(settings.value, new Allowlist([], allow), 1000);
  const paths = Object.keys(files).map((name) => join(folder, name));
  const { reports, ...read } = await replayLogs(paths, { guards: [guard], context: { timeZone: 'UTC' } });
  const [report] = reports;
  assert.ok(report !== undefined);
  return { ...report, ...read };
}

test('replayLogs() tells the bans, what they prevent and what they cost', async (context) => {
  const report = await replay(context, { mainlog: log.join('') });
  assert.deepEqual(report.problems, []);
  assert.equal(report.lines, log.length);
  assert.deepEqual(
    report.bans.map(({ address, rule, prevented, mailBefore, mailLost }) => ({
      address,
      rule,
      prevented,
      mailBefore,
      mailLost,
    })),
    [
      { address: relay, rule: 'relay', prevented: 2, mailBefore: 0, mailLost: 0 },
      // Patience 1.5: five would be needed, so four bans nobody.
    ],
  );
  assert.equal(new Date(report.bans[0]?.at ?? 0).toISOString(), '2026-11-23T09:00:02.000Z');
  assert.deepEqual([report.sightings, report.prevented, report.mail, report.mailLost], [10, 2, 4, 0]);
  assert.equal(report.bans[0]?.evidence.length, 3);
});

test('replayLogs() shows the harm of a stricter setting', async (context) => {
  const report = await replay(context, { mainlog: log.join('') }, [
    'guard.relay.maxretry=2',
    'guard.trust.patience=1',
  ]);
  assert.deepEqual(
    report.bans.map(({ address, prevented, mailBefore, mailLost }) => ({
      address,
      prevented,
      mailBefore,
      mailLost,
    })),
    [
      { address: relay, prevented: 3, mailBefore: 0, mailLost: 0 },
      { address: mixed, prevented: 2, mailBefore: 1, mailLost: 2 },
    ],
  );
  assert.equal(report.mailLost, 2);
});

test('replayLogs() gives the same over rotated and zipped files, and spares the allowlist', async (context) => {
  const whole = await replay(context, { mainlog: log.join('') });
  const parts = await replay(context, {
    mainlog: log.slice(9).join(''),
    'mainlog.1': log.slice(4, 9).join(''),
    'mainlog.2.gz': gzipSync(log.slice(0, 4).join('')),
  });
  assert.deepEqual(parts, whole);
  const none = await replay(
    context,
    { mainlog: log.join('') },
    [],
    [parseNetwork('198.18.0.0/16') as Network],
  );
  assert.deepEqual(none.bans, []);
});

test('replayLogs() goes on after a file that cannot be read', async (context) => {
  const report = await replay(context, { mainlog: log.join('') });
  const guard = assembleGuard(defaultSettings, new Allowlist([]), 1000);
  const none = await replayLogs(['/nowhere/mainlog'], { guards: [guard], context: {} });
  assert.equal(none.problems[0]?.kind, 'missing');
  assert.equal(none.reports[0]?.from, undefined);
  assert.equal(report.problems.length, 0);
});
