/**
 * Changes that wait to be confirmed, on a real Exim: confirmed, aborted, forgotten, killed at any step,
 * and caught by a reboot before Exim starts again.
 */
import assert from 'node:assert/strict';
import { ownProgram } from '../src/host/own-program.ts';
import { after, before, describe, test } from 'node:test';
import { type Point, points } from '../src/change/transaction.ts';
import { cacheFolder, checkout } from '../src/host/checkout.ts';
import { isRoot } from '../src/host/identity.ts';
import type { Ran } from '../src/host/run.ts';
import { openLab } from '../src/lab/lab.ts';
import { startExim } from '../src/lab/mail-server.ts';
import type { Machine } from '../src/lab/machine.ts';
import { eachNight } from './each-night.ts';

/** Those of the suite; test/change.test.ts kills a change at others. */
const chosenPoints: ReadonlySet<Point> = new Set(['waiting']);
const skip = isRoot() ? false : 'a lab machine needs root';
const macros = '/etc/exim4/exim4.conf.localmacros';
/** A folder that no daemon reads: a deadline is one wherever it runs out. */
const plain = '/srv/plain';

describe('a change that waits to be confirmed', { skip }, () => {
  let machine: Machine;

  before(async () => {
    const opened = await openLab({ tell: () => undefined });
    assert.ok(opened.ok);
    machine = opened.value;
    await shell(`mkdir ${plain}; echo one > ${plain}/text`);
    for (const tracked of ['/etc/exim4', plain])
      assert.equal((await portreeve('history', 'init', tracked)).status, 0);
  });
  after(async () => {
    await machine.close();
  });

  async function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const ran = await machine.run(argv, {
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        NODE_COMPILE_CACHE: `${cacheFolder}/node-compile`,
        ...env,
      },
      timeoutMs: 60_000,
    });
    assert.ok(ran.ok, ran.ok ? '' : ran.problem.message);
    return ran.value;
  }
  async function shell(script: string): Promise<string> {
    const ran = await run(['sh', '-eu', '-c', script]);
    assert.equal(ran.status, 0, `${script}: ${ran.stderr}`);
    return ran.stdout;
  }
  async function portreeve(...args: readonly string[]): Promise<Ran> {
    return await run([...ownProgram, ...args], { SUDO_USER: 'alice' });
  }
  /** Applies a macro that the banner shows, so that what is in force can be seen from outside. */
  async function setBanner(word: string, ...options: readonly string[]): Promise<Ran> {
    await shell(`grep -v smtp_banner ${macros} > /tmp/m; echo 'smtp_banner = ${word}' >> /tmp/m`);
    const edit = 'exim4.conf.localmacros=/tmp/m';
    return await portreeve(
      'change',
      'apply',
      edit,
      '--folder',
      '/etc/exim4',
      '-m',
      `banner ${word}`,
      ...options,
    );
  }
  async function setText(word: string, ...options: readonly string[]): Promise<Ran> {
    await shell(`echo ${word} > /tmp/m`);
    return await portreeve(
      'change',
      'apply',
      'text=/tmp/m',
      '--folder',
      plain,
      '-m',
      `text ${word}`,
      ...options,
    );
  }
  async function text(): Promise<string> {
    return (await shell(`cat ${plain}/text`)).trim();
  }
  async function banner(): Promise<string> {
    return (await shell('swaks -s 192.0.2.25 -q CONNECT 2>&1 | grep "^<-  220"'))
      .slice('<-  220 '.length)
      .trim();
  }
  async function reasons(count: number, folder = '/etc/exim4'): Promise<string[]> {
    return (await shell(`git -C ${folder} log -${count} --format=%s`)).trim().split('\n');
  }
  async function until(what: () => Promise<boolean>): Promise<void> {
    for (let waited = 0; waited < 15_000; waited += 250) {
      if (await what()) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 250);
      });
    }
    assert.fail('it did not happen within 15 s');
  }

  test('is confirmed, and that is recorded', { timeout: 60_000 }, async () => {
    const applied = await setBanner('one', '--confirm-within', '10m');
    assert.equal(applied.status, 0, applied.stderr);
    assert.match(applied.stdout, /^confirm +waits until .*: portreeve change confirm [0-9a-f]{8}$/m);
    assert.equal(await banner(), 'one');
    const listed = await portreeve('change', 'list', '--json');
    assert.equal(listed.status, 1);
    const [change] = JSON.parse(listed.stdout) as {
      id: string;
      state: string;
      person: string;
      files: string[];
    }[];
    assert.equal(change?.state, 'waiting');
    assert.equal(change?.person, 'alice');
    assert.deepEqual(change?.files, [macros]);
    const status = await portreeve('history', 'status', '/etc/exim4');
    assert.equal(status.status, 1);
    assert.match(status.stdout, /no drift[^]*waits to be confirmed until .*: [0-9a-f]{8} "banner one"/);
    const shown = await portreeve('change', 'show', change?.id ?? '');
    assert.match(shown.stdout, /^\+smtp_banner = one$/m);
    const wrong = await portreeve('change', 'confirm', '00000000');
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /there is no change 00000000[\s\S]*hint: /);
    const confirmed = await portreeve('change', 'confirm');
    assert.equal(confirmed.status, 0, confirmed.stderr);
    assert.deepEqual(await reasons(2), ['confirmed: banner one', 'banner one']);
    assert.equal((await portreeve('change', 'list')).status, 0);
    assert.equal((await portreeve('change', 'confirm')).status, 1);
    assert.equal((await portreeve('change', 'abort')).status, 1);
  });

  test('a second change is refused with the name of the first; abort takes it back', {
    timeout: 60_000,
  }, async () => {
    assert.equal((await setBanner('two', '--confirm-within', '10m')).status, 0);
    const second = await setBanner('three');
    assert.equal(second.status, 3);
    assert.match(second.stderr, /one change at a time: [0-9a-f]{8} "banner two" waits to be confirmed until/);
    assert.match(second.stderr, /hint: portreeve change confirm/);
    const edited = await portreeve('edit', macros, '-m', 'x');
    assert.equal(edited.status, 3);
    assert.match(edited.stderr, /banner two/);
    await shell('echo "# by hand" >> /etc/exim4/hubbed_hosts');
    const aborted = await portreeve('change', 'abort');
    assert.equal(aborted.status, 0, aborted.stderr);
    assert.equal(await banner(), 'one');
    assert.deepEqual(await reasons(3), [
      'undone: banner two: aborted by alice',
      'drift before undoing: banner two',
      'banner two',
    ]);
    assert.equal((await portreeve('history', 'status', '/etc/exim4')).status, 0);
  });

  test('what nobody confirms is taken back by itself, without a keeper', { timeout: 60_000 }, async () => {
    assert.equal((await setText('four', '--confirm-within', '2s')).status, 0);
    assert.equal(await text(), 'four');
    await until(async () => (await text()) === 'one');
    await until(
      async () => (await reasons(1, plain))[0] === 'undone: text four: nobody confirmed it in time',
    );
    await until(async () => (await run(['pgrep', '-f', 'change recover'])).status === 1);
  });

  test('after kill -9 of its watcher, whoever comes next takes it back', { timeout: 60_000 }, async () => {
    assert.equal((await setText('five', '--confirm-within', '1s')).status, 0);
    await run(['pkill', '-9', '-f', 'change recover']);
    await shell('sleep 1.2');
    const late = await portreeve('change', 'confirm');
    assert.equal(late.status, 1);
    assert.match(late.stderr, /its time is over/);
    const recovered = await portreeve('change', 'recover');
    assert.equal(recovered.status, 0, recovered.stderr);
    assert.equal(await text(), 'one');
  });

  test('a wrong time to wait is refused before anything happens', async () => {
    for (const [time, says] of [
      ['soon', /cannot read the duration/],
      ['0', /needs one second to one day/],
      ['2d', /needs one second to one day/],
    ] as const) {
      const refused = await setBanner('six', '--confirm-within', time);
      assert.equal(refused.status, 2, time);
      assert.match(refused.stderr, says);
      assert.match(refused.stderr, /hint: /);
    }
  });

  for (const point of points) {
    for (const confirm of [false, true]) {
      if (!confirm && point === 'waiting') continue;
      // A change that waits is not dropped.
      if (confirm && point === 'dropped') continue;
      const name = `${confirm ? 'to be confirmed, ' : ''}cut off by a power cut when ${point}`;
      test(`${name}: settled before Exim starts again`, {
        timeout: 60_000,
        skip: chosenPoints.has(point) ? false : eachNight,
      }, async () => {
        const untouched = await shell(`sha256sum ${macros}`);
        const word = `cut-${points.indexOf(point)}-${String(confirm)}`;
        const killed = await run([
          process.execPath,
          '--input-type=module',
          '--eval',
          killedChange(word, point, confirm),
        ]);
        assert.equal(killed.status, 137, killed.stdout + killed.stderr);
        await reboot();
        const kept = !confirm && points.indexOf(point) >= points.indexOf('marked proved');
        assert.equal((await banner()) === word, kept, await banner());
        if (!kept) assert.equal(await shell(`sha256sum ${macros}`), untouched);
        assert.equal(await shell('ls -A /var/lib/portreeve/changes/etc-exim4'), '');
        assert.equal(await shell('find /etc/exim4 -name ".portreeve*"'), '');
        const status = await portreeve('history', 'status', '/etc/exim4');
        assert.equal(status.status, 0, status.stdout);
        const begun = points.indexOf(point) >= points.indexOf('journalled');
        const told = kept ? `banner ${word}` : `undone: banner ${word}: `;
        if (kept || begun) assert.ok((await reasons(1))[0]?.startsWith(told), (await reasons(2)).join('; '));
      });
    }
  }

  /** All processes gone, then what the unit before exim4.service does, then Exim. */
  async function reboot(): Promise<void> {
    await shell(
      'kill -9 $(cat /run/exim4/exim.pid) 2>/dev/null || true; rm -f /run/exim4/exim.pid; sleep 0.05',
    );
    const settled = await portreeve('change', 'recover', '--boot');
    assert.equal(settled.status, 0, settled.stderr);
    assert.equal((await run(['pgrep', '-x', 'exim4'])).status, 1, 'starting Exim is for others');
    await shell('update-exim4.conf');
    const started = await startExim(machine);
    assert.ok(started.ok, started.ok ? '' : started.problem.message);
  }
});

function killedChange(word: string, point: string, confirm: boolean): string {
  return `
    import { makeChange } from ${JSON.stringify(`${checkout}/src/change/make-change.ts`)};
    import { readFileSync } from 'node:fs';
    const path = ${JSON.stringify(macros)};
    const text = readFileSync(path, 'utf8').replace(/^smtp_banner.*\\n/m, '');
    const outcome = await makeChange(
      {
        folder: '/etc/exim4',
        reason: ${JSON.stringify(`banner ${word}`)},
        edits: [{ path, content: Buffer.from(text + 'smtp_banner = ${word}\\n') }],
        proofs: [],
        ${confirm ? 'confirmWithinMs: 600_000,' : ''}
      },
      undefined,
      { reached: (point) => { if (point === ${JSON.stringify(point)}) process.kill(process.pid, 'SIGKILL'); } },
    );
    console.log(JSON.stringify(outcome));
  `;
}
