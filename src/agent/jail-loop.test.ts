// Jails that run: of the journal, by way of a program in journalctl's place, and with names to look up.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJails } from '../fail2ban/jail/read-jails.ts';
import { NullFirewall } from '../guard/firewall/null.ts';
import type { GuardRecord } from '../guard/record.ts';
import { systemClock } from '../host/clock.ts';
import { NameLookup } from '../host/name-lookup.ts';
import { Enforcer } from './enforcer.ts';
import { runJailLoop } from './jail-loop.ts';
import { JailReleases } from './jail-releases.ts';

test('a jail of the journal bans addresses, and those that a name stands for', {
  timeout: 30_000,
}, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'jail-loop-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  mkdirSync(join(folder, 'filter.d'));
  writeFileSync(
    join(folder, 'filter.d/door.conf'),
    '[Definition]\nfailregex = ^ ?mx door\\[\\d+\\]: no entry for <HOST>$\njournalmatch = _COMM=door\n',
  );
  writeFileSync(
    join(folder, 'jail.local'),
    '[door]\nenabled = true\nfilter = door\nbackend = systemd\nport = all\nmaxretry = 3\nbantime = 60\nbantime.increment = true\n',
  );
  const read = await readJails(folder, 2026);
  assert.ok(read.ok);
  const [jail] = read.value.jails;
  assert.ok(jail !== undefined, JSON.stringify(read.value.problems));
  assert.deepEqual(jail.left, []);

  const entries = [
    '192.0.2.7',
    '192.0.2.8',
    '192.0.2.7',
    'bad.example',
    'bad.example',
    '192.0.2.7',
    '192.0.2.9',
    '192.0.2.9',
  ]
    .map((host, place) =>
      JSON.stringify({
        __CURSOR: `c${place}`,
        __REALTIME_TIMESTAMP: String(Date.now() * 1000),
        _HOSTNAME: 'mx',
        _COMM: 'door',
        _PID: '7',
        MESSAGE: `no entry for ${host}`,
      }),
    )
    .join('\n');
  const program = join(folder, 'journalctl');
  writeFileSync(join(folder, 'entries'), `${entries}\n`);
  writeFileSync(program, `#!/bin/sh\necho "$@" > ${folder}/called\ncat ${folder}/entries\nexec cat\n`);
  chmodSync(program, 0o755);

  const stop = new AbortController();
  const records: GuardRecord[] = [];
  const enforcer = new Enforcer({
    firewall: new NullFirewall(systemClock),
    clock: systemClock,
    signal: stop.signal,
    onProblem: (problem) => assert.fail(problem.message),
  });
  const running = runJailLoop({
    jails: [jail],
    enforcerOf: () => enforcer,
    clock: systemClock,
    signal: stop.signal,
    tell: (record) => records.push(record),
    isSpared: () => false,
    patience: () => 1,
    // Banned once before: each failure counts for two.
    before: new Map([['door', { earlier: new Map([['192.0.2.9', 1]]), inForce: [] }]]),
    releases: new JailReleases(),
    names: new NameLookup(
      () => systemClock.now(),
      async () => await Promise.resolve(['192.0.2.8']),
    ),
    journalctl: [program],
  });
  const bans = (): string[] =>
    records.map((record) =>
      record.type === 'jail-ban' ? `${record.address} ${record.seconds} ${record.offences}` : record.type,
    );
  while (bans().length < 3) await sleep(10);
  stop.abort();
  await running;
  assert.deepEqual(bans().toSorted(), ['192.0.2.7 60 1', '192.0.2.8 60 1', '192.0.2.9 120 2']);
  assert.deepEqual(
    enforcer
      .inForce()
      .map(({ target }) => target.text)
      .toSorted(),
    ['192.0.2.7', '192.0.2.8', '192.0.2.9'],
  );
});
