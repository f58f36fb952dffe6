/**
 * The page of a real agent that guards a real Exim during a drill, seen by a real browser: figures as the API and
 * the command line have them, a ban
 * lifted by a click and the address back, drift explained, a change kept, hostile text shown and harmless.
 * PORTREEVE_SHOTS=FOLDER keeps the pictures.
 */
import assert from 'node:assert/strict';
import { ownProgram } from '../src/host/own-program.ts';
import { cpSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkout } from '../src/host/checkout.ts';
import { isRoot } from '../src/host/identity.ts';
import type { Ran } from '../src/host/run.ts';
import { startAgent } from '../src/lab/defence/agent.ts';
import { runDrill } from '../src/lab/drill.ts';
import { openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';

const skip = isRoot()
  ? process.env['PORTREEVE_NIGHTLY'] === undefined && 'a browser is unpacked and run by npm run test:page'
  : 'a lab machine needs root';
const cli = ownProgram;
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
const culprit = '198.18.0.11';
const more = [
  { name: 'chromium-headless-shell', why: 'a browser that looks at the page' },
  { name: 'fonts-dejavu-core', why: 'letters for it' },
];

describe('the page', { skip }, () => {
  let machine: Machine;

  before(async () => {
    const opened = await openLab({ more, tell: () => undefined });
    assert.ok(opened.ok, JSON.stringify(opened));
    machine = opened.value;
  });
  after(async () => {
    await machine.close();
  });

  async function run(argv: readonly string[], timeoutMs = 60_000): Promise<Ran> {
    const ran = await machine.run(argv, { env, timeoutMs });
    assert.ok(ran.ok, ran.ok ? '' : ran.problem.message);
    return ran.value;
  }
  async function shell(script: string): Promise<string> {
    const ran = await run(['sh', '-eu', '-c', script]);
    assert.equal(ran.status, 0, `${script}: ${ran.stderr}`);
    return ran.stdout;
  }
  async function portreeve(...args: readonly string[]): Promise<Ran> {
    return await run([...cli, ...args]);
  }
  /** A relay attempt of the culprit's, with a name that wants to be markup; false where it cannot connect. */
  async function relay(): Promise<boolean> {
    const helo = '<script>pwned=1</script>\u202e';
    const script = `
      const socket = require('node:net').connect({ host: '192.0.2.25', port: 25, localAddress: '${culprit}' });
      const say = ['EHLO ${helo}', 'MAIL FROM:<a@b.example>', 'RCPT TO:<x@elsewhere.invalid>', 'QUIT'];
      socket.setTimeout(2000, () => process.exit(7));
      socket.on('error', () => process.exit(7));
      socket.on('data', () => { const next = say.shift(); if (next) socket.write(next + '\\r\\n'); });
      socket.on('close', () => process.exit(say.length === 0 ? 0 : 7));`;
    const enter = machine.enter([process.execPath, '--eval', script], 'wild');
    const { run: runHere } = await import('../src/host/run.ts');
    const ran = await runHere(enter, { timeoutMs: 20_000, cwd: '/' });
    assert.ok(ran.ok);
    return ran.value.status === 0;
  }
  async function until(what: () => Promise<boolean>): Promise<void> {
    for (let waited = 0; waited < 20_000; waited += 200) {
      if (await what()) return;
      await sleep(200);
    }
    assert.fail('it did not happen within 20 s');
  }

  test('shows what is, and does what is clicked', { timeout: 420_000 }, async (context) => {
    assert.equal((await portreeve('history', 'init', '/etc/exim4', '-m', 'as installed')).status, 0);
    machine.start([...cli, 'keeper'], { env });
    const guarded = await startAgent(machine, () => undefined);
    assert.ok(guarded.ok, JSON.stringify(guarded));
    for (let time = 0; time < 5 && (await relay()); time += 1);
    await until(async () => (await shell('nft list table inet portreeve')).includes(culprit));
    assert.equal(await relay(), false, 'it is banned');

    const macros = '/etc/exim4/exim4.conf.localmacros';
    await shell(`cp ${macros} /root/m; echo '# kept by a click' >> /root/m`);
    const change = [
      'change',
      'apply',
      `${macros}=/root/m`,
      '--folder',
      '/etc/exim4',
      '-m',
      'a banner',
      '--confirm-within',
      '10m',
    ];
    const applied = await portreeve(...change);
    assert.equal(applied.status, 0, applied.stderr);
    await shell("echo '# by nobody' >> /etc/exim4/hubbed_hosts");
    await until(async () =>
      (await portreeve('--json', 'history', 'log', '/etc/exim4')).stdout.includes('drift'),
    );

    // The log as it was rotated: the page replays it.
    await shell('cp --preserve /var/log/exim4/mainlog /var/log/exim4/mainlog.1');
    const over = new AbortController();
    // Whatever fails, the attack ends with the test.
    context.after(() => {
      over.abort();
    });
    const drill = runDrill(machine, {
      // The agent has been started already.
      defence: 'none',
      seconds: 330,
      seed: 1,
      bots: ['hold', 'hold', 'guess', 'relay', 'harvest', 'break', 'hostile', 'hammer'],
      senders: 3,
      known: 1,
      nat: false,
      signal: over.signal,
      tell: () => undefined,
    });
    await until(async () => {
      const bans = JSON.parse((await portreeve('--json', 'guard', 'bans')).stdout) as readonly unknown[];
      return bans.length > 3;
    });

    const login = await portreeve('--json', 'web', 'login');
    assert.equal(login.status, 0, login.stderr);
    const { url } = JSON.parse(login.stdout) as { url: string };
    await shell('mkdir -p /tmp/shots');
    const browsed = await run(
      [process.execPath, `${checkout}/test/page/browse.ts`, url, '/tmp/shots', culprit],
      280_000,
    );
    const folder = process.env['PORTREEVE_SHOTS'];
    if (folder !== undefined) cpSync(`${machine.root}/tmp/shots`, folder, { recursive: true });
    assert.equal(browsed.status, 0, browsed.stdout + browsed.stderr);

    assert.equal(await relay(), true, 'it connects again');
    const status = await portreeve('--json', 'change', 'list');
    assert.equal(status.stdout.trim(), '[]', 'the change is kept');
    assert.match(
      (await portreeve('history', 'log', '/etc/exim4')).stdout,
      /a test of the page \(page from 127\.0\.0\.1 via keeper\)/,
    );
    const { bans } = JSON.parse(browsed.stdout) as { readonly bans: number };
    assert.ok(bans > 3, `${bans} bans of the drill`);
    over.abort();
    const figures = await drill;
    assert.ok(figures.ok, JSON.stringify(figures));
    const { attempted, delivered, banned } = figures.value;
    assert.ok(
      delivered > 5 && attempted - delivered <= 3,
      `${delivered} of ${attempted} messages came through`,
    );
    assert.equal(banned.senders, 0);
  });
});
