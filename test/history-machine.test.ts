/**
 * What the machine may do to a history, in a lab machine: no git, a read-only file system, a full disk, two
 * recorders at once, a stale lock, etckeeper's /etc, an editor, a keeper that watches.
 */
import assert from 'node:assert/strict';
import { ownModule } from '../src/host/own-module.ts';
import { after, before, describe, test } from 'node:test';
import { isRoot } from '../src/host/identity.ts';
import { cacheFolder } from '../src/host/checkout.ts';
import { type Machine, openMachine } from '../src/lab/machine.ts';
import { preparePackages } from '../src/lab/packages.ts';
import type { Ran } from '../src/host/run.ts';
import { succeeded } from './succeeded.ts';

const skip = isRoot() ? false : 'a lab machine needs root';

describe('a history on a machine', { skip, timeout: 120_000 }, () => {
  let machine: Machine;

  before(async () => {
    const tree = succeeded(await preparePackages({ fail2ban: false, tell: () => undefined }));
    machine = succeeded(await openMachine(tree, { name: 'mx.example.test', address: '192.0.2.1' }));
    await shell('mkdir /t; echo one > /t/a; mkdir /u; echo one > /u/a');
    await did('init', '/t');
  });
  after(async () => {
    await machine.close();
  });

  async function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const path = {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      NODE_COMPILE_CACHE: `${cacheFolder}/node-compile`,
      ...env,
    };
    return succeeded(await machine.run(argv, { env: path, timeoutMs: 30_000 }));
  }
  async function shell(script: string): Promise<string> {
    const ran = await run(['sh', '-eu', '-c', script]);
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout;
  }
  const command = (...args: readonly string[]): string[] => [
    process.execPath,
    ownModule('cli/main'),
    'history',
    ...args,
  ];
  async function did(...args: readonly string[]): Promise<string> {
    const ran = await run(command(...args));
    assert.equal(ran.status, 0, `${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  }

  test('without git it says so, and how to get it', async () => {
    await shell('echo two > /t/a; mv /usr/bin/git /usr/bin/git.away');
    try {
      const ran = await run(command('record', '-m', 'x', '/t'));
      assert.equal(ran.status, 3);
      assert.match(ran.stderr, /it needs git: .*\n {2}hint: install it: apt-get install git/);
    } finally {
      await shell('mv /usr/bin/git.away /usr/bin/git');
    }
    await did('record', '-m', 'x', '/t');
  });

  test('a read-only folder is refused; one that became so is still read', async () => {
    await shell('mkdir -p /r; mount -t tmpfs none /r; echo x > /r/a; mount -o remount,ro /r');
    const ran = await run(command('init', '/r'));
    assert.equal(ran.status, 2);
    assert.match(ran.stderr, /it is read-only\n {2}hint/);
    await shell('umount /r');
  });

  test('a full disk is told, and the next record takes it all in', async () => {
    await shell(
      'mkdir -p /small; mount -t tmpfs -o size=2000k none /small; mkdir -p /f; echo one > /f/a; mkdir -p /small/p',
    );
    const env = { PORTREEVE_STATE: '/small/p' };
    assert.equal((await run(command('init', '/f'), env)).status, 0);
    await shell('head -c 300000 /dev/urandom > /f/big; head -c 1600000 /dev/urandom > /small/filler');
    const full = await run(command('record', '-m', 'too big', '/f'), env);
    assert.equal(full.status, 3, full.stdout);
    assert.match(full.stderr, /space/i);
    await shell('rm /small/filler; git -C /f fsck --no-dangling');
    const again = await run(command('record', '-m', 'fits now', '/f'), env);
    assert.equal(again.status, 0, again.stderr);
    assert.equal(
      await shell('git -C /f show HEAD:big | cmp - /f/big; git -C /f log --format=%s -1'),
      'fits now\n',
    );
    await shell('umount /small');
  });

  test('two recorders at once: what either saw is recorded, none is damaged', async () => {
    await shell('echo x > /t/both');
    const two = await Promise.all(
      [1, 2].map(async (n) => await run(command('record', '-m', `recorder ${n}`, '/t'))),
    );
    for (const { status, stderr } of two)
      assert.ok(status === 0 || /one change at a time/.test(stderr), stderr);
    assert.ok(two.some(({ status }) => status === 0));
    await shell('git -C /t fsck');
    assert.equal(await shell('git -C /t status --porcelain'), '');
    await did('status', '/t');
  });

  test('a lock that a killed git left long ago is cleared away', async () => {
    await shell('echo y > /t/a; touch -d "1 hour ago" /var/lib/portreeve/history/t/index.lock');
    await did('record', '-m', 'after the lock', '/t');
  });

  test("inside etckeeper's /etc nothing is nested, and both histories go on", async () => {
    await shell(`cd /etc; rm -rf .git; mkdir -p exim4; echo x > exim4/local; git init --quiet
      git add exim4; git -c user.name=e -c user.email=e@e commit --quiet -m etckeeper`);
    const made = await run(command('init', '/etc/exim4'));
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stderr, /\/etc is a git repository already/);
    await shell('echo y > /etc/exim4/local');
    await did('record', '-m', 'ours', '/etc/exim4');
    assert.match(await shell('git -C /etc status --porcelain'), /^ M exim4\/local$/m);
    await shell('cd /etc; git add exim4; git -c user.name=e -c user.email=e@e commit --quiet -m again');
    assert.equal((await shell('git -C /etc show HEAD:exim4/local')).trim(), 'y');
    assert.match(await did('log', '/etc/exim4'), /ours/);
    await shell('rm -rf /etc/.git');
  });

  test('without -m the editor of a person asks, with the diff; an empty reason records nothing', async () => {
    await shell('echo edited > /t/a');
    const editor = async (script: string): Promise<Ran> => {
      await shell(`printf '#!/bin/sh\\n%s\\n' '${script}' > /tmp/editor; chmod +x /tmp/editor`);
      const words = command('record', '/t')
        .map((word) => `'${word}'`)
        .join(' ');
      return await run(['script', '-qec', words, '/dev/null'], { EDITOR: '/tmp/editor', TERM: 'dumb' });
    };
    const none = await editor('exit 0');
    assert.equal(none.status, 2);
    assert.match(none.stdout, /it must have a reason/);
    assert.equal((await run(command('status', '/t'))).status, 1);
    const failed = await editor('exit 7');
    assert.match(failed.stdout, /the editor must end well/);
    const asked = await editor('grep -q "^+edited" "$1" && sed -i "1s/.*/# because of ticket 7/" "$1"');
    assert.equal(asked.status, 0, asked.stdout);
    assert.equal((await shell('git -C /t log -1 --format=%B')).trim(), '# because of ticket 7');
  });

  test('the keeper records drift within seconds, with what can be known; a reason told then is its reason', async () => {
    await shell('groupadd -f portreeve; install -d -m 0755 /run; useradd -M bob 2>/dev/null || true');
    const remote = '/tmp/elsewhere.git';
    await shell(`git init --quiet --bare ${remote}`);
    await did('push', '/t', '--to', remote);
    const keeper = machine.start([...command().slice(0, 2), 'keeper', '--drift-after', '300ms'], {});
    const last = async (): Promise<string> => await shell('git -C /t log -1 --format=%an:%s');
    const until = async (what: RegExp, why: string): Promise<void> => {
      for (let waited = 0; waited < 8000; waited += 100) {
        if (what.test(await last())) return;
        await shell('sleep 0.1');
      }
      assert.fail(`${why}: ${await last()}`);
    };
    await shell('until [ -S /run/portreeve/keeper.sock ]; do sleep 0.05; done');
    for (const [edit, path] of [
      ['echo drift > /t/a', 'a'],
      ['chmod 0600 /t/a; chown bob /t/a', 'a'],
      ['mkdir -p /t/new/deep; echo x > /t/new/deep/file', 'new'],
    ] as const) {
      await shell(edit);
      await until(new RegExp(`^unknown:drift: .*${path}`), edit);
      // The next one is another burst.
      await shell('git -C /t commit --quiet --allow-empty -m between');
    }
    const facts = await shell('git -C /t log --grep="^drift: a" -1 --format=%b');
    assert.match(facts, /^changed: .*Z\nseen: .*Z\nowned by: bob \(uid \d+\)\nlogged in: /);
    await shell('echo by hand > /t/a');
    await until(/drift: a/, 'by hand');
    const told = await did('record', '-m', 'because of ticket 8', '/t');
    assert.match(
      told,
      /nothing to record[^]*explained [0-9a-f]{12}, which the keeper had recorded: drift: a/,
    );
    assert.match(await did('log', '/t'), /drift: a\n[^]*because: because of ticket 8/);
    await shell(
      `until [ "$(git -C ${remote} rev-parse main)" = "$(git -C /t rev-parse HEAD)" ]; do sleep 0.1; done`,
    );
    // An experiment ends by itself, with nobody at a terminal.
    await did('try', 'brief', '--for', '1s', '--folder', '/t');
    await shell('echo tried > /t/a');
    await shell(
      'for i in $(seq 80); do grep -q "by hand" /t/a && break; sleep 0.1; done; grep -q "by hand" /t/a',
    );
    await shell('until [ "$(git -C /t symbolic-ref HEAD)" = refs/heads/main ]; do sleep 0.1; done');
    await run(['pkill', '-TERM', '-f', 'cli/main.* keeper']);
    await keeper.ended;
  });
});
