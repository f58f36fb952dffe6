/** The commands that read logs, on what people give them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Ran, run } from '../src/host/run.ts';

const portreeve = new URL('../bin/portreeve', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'portreeve-log-'));
after(() => {
  rmSync(folder, { recursive: true });
});

async function say(argv: readonly string[], input = ''): Promise<Ran> {
  const ran = await run([portreeve, ...argv], { input });
  assert.ok(ran.ok, JSON.stringify(ran));
  return ran.value;
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const mail = [
  '2026-11-23 08:53:00 1abcde-000001-AB <= a@far.example H=mx.far.example [192.0.2.1] P=esmtps X=TLS1.3:ECDHE_X25519__AES_256_GCM:256 CV=no S=1000',
  '2026-11-23 08:53:01 1abcde-000001-AB => alice <alice@example.test> R=local_user T=mail_spool',
  '2026-11-23 08:53:01 1abcde-000001-AB => bob@far.example R=dnslookup T=remote_smtp H=mx.far.example [192.0.2.9] C="250 OK"',
  '2026-11-23 08:53:01 1abcde-000001-AB -> carol@far.example R=dnslookup T=remote_smtp H=mx.far.example [192.0.2.9] C="250 OK"',
  '2026-11-23 08:53:02 1abcde-000001-AB Completed',
  '2026-11-24 08:53:00 1abcde-000002-AB <= b@far.example H=[2001:db8::1] P=esmtp S=500',
  '2026-11-24 08:53:00 1abcde-000002-AB == dave@far.example R=dnslookup T=remote_smtp defer (-1): no host',
];
const abuse = [
  '2026-11-24 08:54:00 plain_server authenticator failed for (x) [192.0.2.66]: 535 Incorrect authentication data (set_id=bob)',
  '2026-11-24 08:54:01 H=(x) [192.0.2.66] F=<a@b.example> rejected RCPT <c@d.example>: relay not permitted',
  '2026-11-24 08:54:02 H=(x) [192.0.2.67] F=<a@b.example> temporarily rejected RCPT <c@d.example>: not now',
  '2026-11-24 08:54:03 TLS error on connection from (x) [192.0.2.68] (cert/key setup: cert=/c key=/k): Error while reading file.',
];
const log = `${[...mail, ...abuse].join('\n')}\n`;

test('log parse prints an object a line, with control characters escaped', async () => {
  const path = file('main', `${log}2026-11-24 08:55:00 H=(x\u009b31m) [192.0.2.1] Warning: \u001b[31m\n`);
  const ran = await say(['log', 'parse', '--time-zone', 'Europe/Berlin', path]);
  assert.equal(ran.status, 0, ran.stderr);
  assert.ok(!ran.stdout.includes('\u001b') && !ran.stdout.includes('\u009b'));
  const records = ran.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(records.map(({ line, kind, peer }) => [line, kind, peer]).slice(0, 9), [
    [1, 'arrival', '192.0.2.1'],
    [2, 'delivery', undefined],
    [3, 'delivery', '192.0.2.9'],
    [4, 'delivery', '192.0.2.9'],
    [5, 'completed', undefined],
    [6, 'arrival', '2001:db8::1'],
    [7, 'deferral', undefined],
    [8, 'auth-failed', '192.0.2.66'],
    [9, 'rejected', '192.0.2.66'],
  ]);
  assert.equal(records[0]?.['at'], '2026-11-23T07:53:00.000Z');
});

test('log parse takes several files in the order of their time, zipped or not', async () => {
  const older = file('main.2.gz', gzipSync(`${mail.slice(0, 5).join('\n')}\n`));
  const newer = file('main.1', `${mail.slice(5).join('\n')}\n`);
  const ran = await say(['log', 'parse', newer, older]);
  const files = ran.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { file: string }).file);
  assert.deepEqual(files, [...Array<string>(5).fill(older), ...Array<string>(2).fill(newer)]);
});

test('log stats counts mail, across files too', async () => {
  const older = file('stats.1', `${mail.slice(0, 2).join('\n')}\n`);
  const newer = file('stats', `${[...mail.slice(2), ...abuse].join('\n')}\n`);
  const ran = await say(['log', 'stats', '--json', older, newer]);
  const stats = JSON.parse(ran.stdout) as Record<string, unknown>;
  assert.deepEqual(
    [
      stats['lines'],
      stats['received'],
      stats['delivered'],
      stats['delayed'],
      stats['rejects'],
      stats['temporaryRejects'],
    ],
    [11, { messages: 2, bytes: 1500 }, { messages: 2, addresses: 3, bytes: 2000 }, 1, 1, 1],
  );
});

test('guard scan counts what the rules see, and shows the lines', async () => {
  const path = file('scan', log);
  const counted = await say(['guard', 'scan', '--json', path]);
  assert.equal(counted.status, 0, counted.stderr);
  const { files, lines, bytes, addresses, rules } = JSON.parse(counted.stdout) as Record<string, unknown>;
  assert.deepEqual(
    [files, lines, bytes, addresses, rules],
    [1, 11, log.length, 2, { credential: 1, relay: 1, handshake: 1 }],
  );
  const piped = await say(['guard', 'scan', '--json', '--rule', 'relay', '-'], log);
  assert.deepEqual((JSON.parse(piped.stdout) as { rules: unknown }).rules, { relay: 1 });
  const shown = await say(['guard', 'scan', '--matched', path]);
  assert.match(shown.stdout, /^credential {2}.*set_id=bob/m);
  const missed = await say(['guard', 'scan', '--unmatched', path]);
  assert.match(missed.stdout, /^rejected {2}.*temporarily/m);
  assert.equal((await say(['guard', 'scan', file('calm', `${mail.join('\n')}\n`)])).status, 1);
  assert.equal((await say(['guard', 'scan', '--rule', 'nonsense', path])).status, 2);
});

test('tls traffic and tls diagnose tell from the log', async () => {
  const path = file('tls', log);
  const traffic = JSON.parse((await say(['tls', 'traffic', '--json', path])).stdout) as Record<
    string,
    { messages: number; encrypted: number }
  >;
  assert.deepEqual(
    [traffic['in']?.messages, traffic['in']?.encrypted, traffic['out']?.messages, traffic['out']?.encrypted],
    [2, 1, 1, 0],
  );
  const diagnosed = await say(['tls', 'diagnose', '--json', path]);
  assert.equal(diagnosed.status, 1);
  const { findings } = JSON.parse(diagnosed.stdout) as { findings: { name: string; count: number }[] };
  assert.deepEqual(
    findings.map(({ name, count }) => [name, count]),
    [['key-unreadable', 1]],
  );
});

test('what cannot be read is a problem with its path; the rest is read all the same', async () => {
  const good = file('good', log);
  const zipped = gzipSync(log.repeat(5000));
  for (const [path, says] of [
    [join(folder, 'nowhere'), /nowhere: there is no such file/],
    [folder, /needs a log file: it is a folder/],
    [file('cut.gz', zipped.subarray(0, zipped.length / 2)), /archive is truncated/],
    [file('binary', Buffer.from([0, 1, 2, 3, 10, 255, 254, 0, 10])), /looks like a binary file/],
    [file('postfix', 'Nov 23 08:53:00 mx postfix/smtpd[1]: connect from x\n'), /log of another mail program/],
  ] as const) {
    for (const command of [
      ['guard', 'scan'],
      ['log', 'stats'],
      ['log', 'parse'],
      ['tls', 'traffic'],
      ['tls', 'diagnose'],
    ]) {
      const ran = await say([...command, '--json', good, path]);
      assert.equal(ran.status, 3, `${command.join(' ')} ${path}`);
      assert.match(ran.stderr, says);
      assert.ok(ran.stdout.length > 2, `${command.join(' ')} still answers for the others`);
    }
  }
});
