/** The agent as a program: what it banned before a kill -9 is in force again after it. */
import assert from 'node:assert/strict';
import { ownModule } from '../src/host/own-module.ts';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../src/store/open-store.ts';

type Agent = ChildProcessByStdio<null, Readable, Readable>;

/** A line of this moment, in local time: a ban for an older one would be over. */
function relay(peer: string): string {
  const stamp = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString();
  const time = `${stamp.slice(0, 10)} ${stamp.slice(11, 19)}`;
  return `${time} H=(x) [${peer}] F=<a@b.example> rejected RCPT <a@c.test>: relay not permitted\n`;
}

async function isKept(folder: string): Promise<boolean> {
  const opened = await openStore(folder, 0);
  assert.ok(opened.ok);
  const bans = opened.value.store.bansOf('198.18.0.11');
  opened.value.store.close();
  return bans.ok && bans.value.length > 0;
}

test('agent keeps its bans over a kill -9, whatever bans for it', { timeout: 60_000 }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-agent-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  const log = join(folder, 'mainlog');
  writeFileSync(log, '');
  const program = join(folder, 'ban');
  const asked = join(folder, 'asked');
  writeFileSync(program, '#!/bin/sh\nfile=$1; shift; echo "$*" >> "$file"\n', { mode: 0o700 });
  let agent: Agent | undefined;
  context.after(() => {
    agent?.kill('SIGKILL');
  });
  const start = async (): Promise<{ child: Agent; records: Record<string, unknown>[]; errors: string[] }> => {
    const firewall = ['--firewall', 'command', '--set', `guard.firewall.command=${program},${asked}`];
    const argv = [ownModule('cli/main'), '--json', 'agent', '--log', log, ...firewall];
    const child = spawn(process.execPath, argv, {
      env: { ...process.env, PORTREEVE_STATE: join(folder, 'state') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    agent = child;
    const records: Record<string, unknown>[] = [];
    const errors: string[] = [];
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => records.push(JSON.parse(line) as Record<string, unknown>));
    createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
    while (!records.some(({ type }) => type === 'ready')) await once(lines, 'line');
    return { child, records, errors };
  };
  const attack = async (from: Awaited<ReturnType<typeof start>>, peer: string): Promise<void> => {
    // Opening the log at its end takes a moment after `ready`.
    for (let tries = 0; tries < 100; tries += 1) {
      appendFileSync(log, relay(peer));
      await sleep(50);
      if (from.records.some(({ type, address }) => type === 'ban' && address === peer)) return;
    }
    assert.fail(`${peer} was not banned: ${from.errors.join(' | ')}`);
  };
  const first = await start();
  await attack(first, '198.18.0.11');
  // The journal saves once a second; on a busy machine that may take longer.
  for (let waited = 0; waited < 20_000 && !(await isKept(join(folder, 'state', 'agent'))); waited += 200)
    await sleep(200);
  first.child.kill('SIGKILL');
  await once(first.child, 'close');

  const second = await start();
  assert.ok(
    second.errors.some((line) => line.includes('in force again from before: 1 bans')),
    second.errors.join(' | '),
  );
  await attack(second, '198.18.0.12');
  appendFileSync(log, relay('198.18.0.11').repeat(10));
  await sleep(300);
  assert.deepEqual(
    second.records.filter(({ type }) => type === 'ban').map(({ address }) => address),
    ['198.18.0.12'],
    'who is banned is not judged again',
  );
  second.child.kill('SIGTERM');
  const [status] = (await once(second.child, 'close')) as [number | null];
  assert.equal(status, 0);
  const bans = readFileSync(asked, 'utf8').replaceAll(/ \d+$/gm, ' SECONDS');
  const run = ['prepare', 'ban 198.18.0.11 SECONDS'];
  assert.deepEqual(bans.trim().split('\n'), [...run, ...run, 'ban 198.18.0.12 SECONDS']);
});
