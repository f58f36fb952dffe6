/** The guard's commands on a running agent, on what it has kept, and a replay of what it saw. */
import assert from 'node:assert/strict';
import { ownModule } from '../src/host/own-module.ts';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../src/host/run.ts';

const main = ownModule('cli/main');

type Agent = ChildProcessByStdio<null, Readable, Readable>;
type Fields = Readonly<Record<string, unknown>>;

function place(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-commands-'));
  let agent: Agent | undefined;
  context.after(() => {
    agent?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const log = join(folder, 'mainlog');
  const config = join(folder, 'portreeve.toml');
  writeFileSync(log, '');
  writeFileSync(config, '[guard.relay]\nmaxretry = 2\n');
  const env = { PATH: process.env['PATH'] ?? '', PORTREEVE_STATE: join(folder, 'state'), TZ: 'UTC' };
  const records: Fields[] = [];
  const errors: string[] = [];
  const start = async (): Promise<Agent> => {
    const argv = [main, '--json', '--config', config, 'agent', '--log', log];
    const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    agent = child;
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => records.push(JSON.parse(line) as Fields));
    createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
    await once(lines, 'line');
    return child;
  };
  const portreeve = async (argv: readonly string[], input = '') => {
    const ran = await run([process.execPath, main, '--json', '--config', config, ...argv], { env, input });
    assert.ok(ran.ok);
    const { status, stdout, stderr } = ran.value;
    return { status, stderr, answer: (stdout === '' ? undefined : JSON.parse(stdout)) as unknown };
  };
  const until = async (what: string, holds: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 200 && !holds(); tries += 1) await sleep(50);
    assert.ok(holds(), `${what}: ${errors.join(' | ')}`);
  };
  return { log, config, records, errors, start, portreeve, until };
}

const stamp = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

test('guard bans, ban, unban and explain work with an agent and without', {
  timeout: 90_000,
}, async (context) => {
  const { config, errors, start, portreeve, until } = place(context);
  const nothing = await portreeve(['guard', 'bans']);
  assert.equal(nothing.status, 3, 'no agent has ever run');
  const agent = await start();
  const banned = await portreeve(
    ['guard', 'ban', '-', '198.18.0.9', '--for', '2h', '-m', 'a list'],
    '198.18.0.1 # one\n\n2001:db8::/32\n',
  );
  assert.equal(banned.status, 0, banned.stderr);
  const own = await portreeve(['guard', 'ban', '127.0.0.1']);
  assert.equal(own.status, 1);
  assert.match(own.stderr, /needs to be off the allowlist/);
  for (const [argv, message] of [
    [['guard', 'ban', '198.18.0.1', '--for', 'soon'], /cannot read the duration/],
    [['guard', 'ban', '198.18.0.1', '--for', '0'], /needs at least 1s/],
    [['guard', 'ban', 'host.example'], /it is neither/],
    [['guard', 'explain', '198.18.0.0/16'], /needs one address/],
  ] as const) {
    const refused = await portreeve(argv);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, message);
  }
  const listed = (await portreeve(['guard', 'bans'])).answer as readonly Fields[];
  assert.deepEqual(
    listed.map(({ target }) => String(target)).toSorted((one, other) => (one < other ? -1 : 1)),
    ['198.18.0.1', '198.18.0.9', '2001:db8::/32'],
  );
  const explained = (await portreeve(['guard', 'explain', '2001:db8:7::1'])).answer as Fields;
  assert.match(String(explained['says']), /2001:db8::\/32 is banned for .*a list/);

  writeFileSync(config, '[guard.relay]\nmaxretri = 2\n');
  agent.kill('SIGHUP');
  await until('a bad file is told of', () => errors.some((line) => line.includes('go on to hold')));
  assert.ok(
    errors.some((line) => /line 2.*maxretri/.test(line)),
    errors.join(' | '),
  );
  writeFileSync(config, '[guard.relay]\nmaxretry = 7\n');
  agent.kill('SIGHUP');
  await until('a good one holds', () => errors.some((line) => line.includes('hold from now on')));

  agent.kill('SIGTERM');
  await once(agent, 'close');
  const lifted = await portreeve(['guard', 'unban', '198.18.0.9', '198.18.7.7']);
  assert.equal(lifted.status, 0, lifted.stderr);
  assert.match(lifted.stderr, /no agent runs here/);
  const kept = (await portreeve(['guard', 'bans'])).answer as readonly Fields[];
  assert.equal(kept.length, 2);
});

test('guard replay gives the same bans as the agent gave', { timeout: 90_000 }, async (context) => {
  const { log, records, start, portreeve, until } = place(context);
  const agent = await start();
  // Some eight minutes of attacks, half of them behind addresses that deliver mail too.
  const begin = Math.floor(Date.now() / 1000) * 1000 - 500_000;
  const lines: string[] = [];
  let seed = 7;
  const random = (most: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >> 8) % most;
  };
  for (let second = 0; second < 480; second += 1)
    for (let each = random(6); each > 0; each -= 1) {
      const host = random(30);
      const peer = host < 24 ? `198.18.0.${host}` : `2001:db8::${host}`;
      const text = [
        `Connection from [${peer}] refused: too many connections`,
        `H=(x) [${peer}] F=<a@b.example> rejected RCPT <a@c.test>: relay not permitted`,
        `H=(x) [${peer}] F=<a@b.example> rejected RCPT <u${each}@example.test>: Unrouteable address`,
        `plain_server authenticator failed for (x) [${peer}]: 535 Incorrect authentication data (set_id=u${random(9)})`,
        `1xVPxv-00005n-1U <= a@b.example H=(b) [${peer}] P=esmtp S=4`,
      ][host % 2 === 0 ? random(5) : random(4)];
      lines.push(`${stamp(begin + second * 1000)} ${text ?? ''}\n`);
    }
  await sleep(500);
  appendFileSync(log, lines.join(''));
  const marker = '198.18.255.1';
  const relay = `H=(x) [${marker}] F=<a@b.example> rejected RCPT <a@c.test>: relay not permitted\n`;
  appendFileSync(log, `${stamp(begin + 490_000)} ${relay}`.repeat(2));
  const bans = (): Fields[] => records.filter(({ type }) => type === 'ban');
  await until('the last ban is told of', () => bans().some(({ address }) => address === marker));
  agent.kill('SIGTERM');
  await once(agent, 'close');
  const replayed = await portreeve(['guard', 'replay', log]);
  const { bans: again } = replayed.answer as { readonly bans: readonly Fields[] };
  const shown = (ban: Fields, length: unknown): unknown[] => [
    ban['at'],
    ban['address'],
    ban['rule'],
    length,
    ban['network'],
  ];
  assert.deepEqual(
    again.map((ban) => shown(ban, ban['bantime'])),
    bans().map((ban) => shown(ban, Number(ban['seconds']) * 1000)),
  );
  assert.ok(again.length > 20, `${again.length} bans`);
});
