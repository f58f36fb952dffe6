// Jails that run: of the journal, by way of a program in journalctl's place, and with names to look up; of a log
// that is not there yet.

import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJails } from '../fail2ban/jail/read-jails.ts';
import type { Ban, Firewall } from '../guard/firewall/firewall.ts';
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

/** A jail of one rule on a log that is not there yet; `run` starts it, and returns what ends it. */
async function openDoor(context: TestContext): Promise<{
  readonly log: string;
  readonly run: (firewall: Firewall, tell: (record: GuardRecord) => void) => () => Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'jail-loop-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  const log = join(folder, 'door.log');
  mkdirSync(join(folder, 'filter.d'));
  writeFileSync(join(folder, 'filter.d/door.conf'), '[Definition]\nfailregex = no entry for <HOST>$\n');
  writeFileSync(
    join(folder, 'jail.local'),
    `[door]\nenabled = true\nfilter = door\nlogpath = ${log}\nport = all\nmaxretry = 1\n`,
  );
  const read = await readJails(folder, 2026);
  assert.ok(read.ok);
  const { jails } = read.value;
  const stop = new AbortController();
  const run = (firewall: Firewall, tell: (record: GuardRecord) => void): (() => Promise<void>) => {
    const enforcer = new Enforcer({
      firewall,
      clock: systemClock,
      signal: stop.signal,
      onProblem: (problem) => assert.fail(problem.message),
    });
    const running = runJailLoop({
      jails,
      enforcerOf: () => enforcer,
      clock: systemClock,
      signal: stop.signal,
      tell,
      isSpared: () => false,
      patience: () => 1,
      before: new Map(),
      releases: new JailReleases(),
      names: new NameLookup(() => systemClock.now()),
    });
    return async () => {
      stop.abort();
      await running;
    };
  };
  return { log, run };
}

test('a jail whose log is not there says so, and takes it from its first line once it is', {
  timeout: 30_000,
}, async (context) => {
  const { log, run } = await openDoor(context);
  const records: GuardRecord[] = [];
  const firewall = new NullFirewall(systemClock);
  const inForce: ReturnType<NullFirewall['list']>[] = [];
  const end = run(firewall, (record) => {
    records.push(record);
    // What is told of is in force.
    if (record.type === 'jail-ban') inForce.push(firewall.list());
  });
  while (records.length < 1) await sleep(10);
  const [first] = records;
  assert.ok(first?.type === 'problem');
  assert.match(first.problem.message, /door\.log: there is no such file/);
  assert.match(first.problem.hint ?? '', /it is waited for/);
  writeFileSync(log, 'no entry for 192.0.2.7\n');
  while (records.length < 2) await sleep(10);
  await end();
  const [, second] = records;
  assert.ok(second?.type === 'jail-ban');
  assert.equal(second.address, '192.0.2.7');
  const listed = await inForce[0];
  assert.ok(listed?.ok === true);
  assert.equal(listed.value.length, 1);
});

test('a ban whose writing is broken off by the watchdog is written all the same', {
  timeout: 30_000,
}, async (context) => {
  const { log, run } = await openDoor(context);
  writeFileSync(log, '');
  const records: GuardRecord[] = [];
  /** Keeps the thread busy for ever with the first ban. */
  class StuckFirewall extends NullFirewall {
    readonly asked: string[][] = [];

    banAtOnce(bans: readonly Ban[]): void {
      this.asked.push(bans.map(({ target }) => target.text));
      while (this.asked.length === 1);
    }
  }
  const firewall = new StuckFirewall(systemClock);
  const end = run(firewall, (record) => {
    records.push(record);
  });
  appendFileSync(log, 'no entry for 192.0.2.7\n');
  while (records.length < 1) await sleep(10);
  appendFileSync(log, 'no entry for 192.0.2.8\n');
  while (records.length < 2) await sleep(10);
  await end();
  assert.deepEqual(
    records.map((record) => (record.type === 'jail-ban' ? record.address : record)),
    ['192.0.2.7', '192.0.2.8'],
  );
  // The first is not tried at once again: there would be no time.
  assert.deepEqual(firewall.asked, [['192.0.2.7'], ['192.0.2.8']]);
  const listed = await firewall.list();
  assert.ok(listed.ok);
  assert.equal(listed.value.length, 2);
});
