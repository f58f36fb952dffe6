/**
 * The agent killed at random moments while its log grows: what it has kept at the end is what the log implies,
 * as one guard that was never interrupted sees it; no sighting counts twice, none is lost.
 *
 * PORTREEVE_KILLS says how many kills; a few in the suite, more by `npm run nightly`.
 */
import assert from 'node:assert/strict';
import { ownModule } from '../src/host/own-module.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../src/base/seeded-random.ts';
import { logContext } from '../src/exim/log-context.ts';
import { parseLogLine } from '../src/exim/log-line.ts';
import { Allowlist } from '../src/guard/allowlist.ts';
import { assembleGuard } from '../src/guard/assemble-guard.ts';
import type { ReplayedBan } from '../src/guard/replay.ts';
import { ownAddresses } from '../src/host/own-addresses.ts';
import { run } from '../src/host/run.ts';
import { openStore } from '../src/store/open-store.ts';
import { loadSettings } from '../src/cli/load-settings.ts';

const kills = Number(process.env['PORTREEVE_KILLS'] ?? 3);
const assignments = ['guard.relay.bantime=2s', 'guard.credential.findtime=30s'];

test(`agent keeps count over ${kills} kills`, { timeout: 60_000 + kills * 12_000 }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-crash-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  const log = join(folder, 'mainlog');
  writeFileSync(log, '');
  const seed = Number(process.env['PORTREEVE_SEED'] ?? Date.now() % 1_000_000);
  const random = seededRandom(seed);
  context.diagnostic(`seed ${seed}`);
  const start = () => {
    const set = assignments.flatMap((assignment) => ['--set', assignment]);
    const child = spawn(process.execPath, [ownModule('cli/main'), '--json', 'agent', '--log', log, ...set], {
      env: { ...process.env, PORTREEVE_STATE: join(folder, 'state') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const errors: string[] = [];
    const ready = once(child.stdout, 'data');
    child.stdout.on('data', () => undefined);
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    return { child, errors, ready, closed: once(child, 'close') };
  };

  let agent = start();
  await agent.ready;
  const folderOfStore = join(folder, 'state', 'agent');
  const place = async (): Promise<Place> => {
    const opened = await openStore(folderOfStore, 0);
    assert.ok(opened.ok && opened.value.problem === undefined, JSON.stringify(opened));
    const kept = opened.value.store.position(log);
    opened.value.store.close();
    return JSON.parse((kept.ok && kept.value) || '{}') as Place;
  };
  for (let waited = 0; waited < 20_000 && (await place()).inode === undefined; waited += 200)
    await sleep(200);
  const parts: string[] = [];
  let lines = 0;
  const writer = setInterval(() => {
    const some = Array.from({ length: 20 + Math.floor(random() * 60) }, () => lineOf(lines++, random));
    appendFileSync(log, some.join(''));
  }, 20);
  context.after(() => {
    clearInterval(writer);
    agent.child.kill('SIGKILL');
  });
  for (let kill = 0; kill < kills; kill += 1) {
    // Most at work; some while it starts.
    if (kill % 4 !== 3) await agent.ready;
    await sleep(300 + random() * 1700);
    agent.child.kill('SIGKILL');
    await agent.closed;
    // Now and then the log is rotated while nobody looks, or was just about to.
    if (kill % 3 === 1 && kill < kills - 1) {
      parts.push(readFileSync(log, 'utf8'));
      renameSync(log, `${log}.${parts.length}`);
    }
    agent = start();
  }
  clearInterval(writer);
  parts.push(readFileSync(log, 'utf8'));
  await agent.ready;
  const isReadToTheEnd = async (): Promise<boolean> => {
    const { inode, offset } = await place();
    return inode === String(statSync(log, { bigint: true }).ino) && offset === statSync(log).size;
  };
  const catchingUpMs = 20_000 + kills * 2000;
  for (let waited = 0; waited < catchingUpMs && !(await isReadToTheEnd()); waited += 250) await sleep(250);
  assert.ok(await isReadToTheEnd(), 'the log is read to its end');
  agent.child.kill('SIGTERM');
  const [status] = (await agent.closed) as [number | null];
  assert.equal(status, 0, agent.errors.join(''));

  const opened = await openStore(folderOfStore, 0);
  assert.ok(opened.ok && opened.value.problem === undefined, JSON.stringify(opened));
  const { store } = opened.value;
  const expected = await implied(parts.join(''));
  const targets = [...new Set(expected.bans.map((ban) => ban.split(' ')[0] ?? ''))];
  const bans = targets.flatMap((target) => {
    const known = store.bansOf(target);
    assert.ok(known.ok);
    return known.value.map(
      ({ began, until, rule, offences }) => `${target} ${began} ${until} ${rule} ${offences}`,
    );
  });
  const counts = store.counts(0, Number.MAX_SAFE_INTEGER);
  const kept = store.lastBans(0);
  store.close();
  assert.ok(counts.ok && kept.ok);
  const counted: Record<string, number> = {};
  // Bans are compared one by one; an attack that lasts is summed up when the agent is stopped, not when it is killed.
  for (const { name, count } of counts.value)
    if (!name.startsWith('ban ') && name !== 'incident') counted[name] = (counted[name] ?? 0) + count;
  context.diagnostic(`${lines} lines, ${expected.bans.length} bans, ${JSON.stringify(expected.counted)}`);
  assert.deepEqual(counted, expected.counted);
  assert.deepEqual(bans.toSorted(), expected.bans.toSorted());
  assert.equal(kept.value.length, targets.length, 'and nobody else');
  assert.ok(expected.bans.length > 20);
  const logs = [...parts.slice(1).map((_, part) => `${log}.${part + 1}`), log];
  const replayed = await replay(logs);
  const withoutOffences = bans.map((ban) => ban.split(' ').slice(0, -1).join(' '));
  assert.deepEqual(replayed.toSorted(), withoutOffences.toSorted(), 'guard replay bans the same');
});

/** What `guard replay` says that the guard would have banned. */
async function replay(logs: readonly string[]): Promise<string[]> {
  const set = assignments.flatMap((assignment) => ['--set', assignment]);
  const ran = await run(
    [process.execPath, ownModule('cli/main'), '--json', 'guard', 'replay', ...set, ...logs],
    {
      timeoutMs: 60_000,
      outputCap: 1 << 26,
    },
  );
  assert.ok(ran.ok);
  assert.equal(ran.value.status, 0, ran.value.stderr);
  const { bans } = JSON.parse(ran.value.stdout) as { bans: ReplayedBan[] };
  return bans.flatMap(({ address, network, at, bantime, rule }) =>
    [address, ...(network === undefined ? [] : [network])].map(
      (target) => `${target} ${at} ${at + bantime} ${rule}`,
    ),
  );
}

interface Place {
  readonly inode?: string;
  readonly offset?: number;
}

/** What a guard makes of the whole log that was never interrupted. */
async function implied(text: string): Promise<{ bans: string[]; counted: Record<string, number> }> {
  const settings = await loadSettings({ set: assignments });
  assert.ok(settings.ok);
  const guard = assembleGuard(settings.value, new Allowlist(ownAddresses(), []), 100_000);
  const context = logContext();
  const bans: string[] = [];
  const counted: Record<string, number> = {};
  const count = (name: string): void => {
    counted[name] = (counted[name] ?? 0) + 1;
  };
  for (const line of text.split('\n').slice(0, -1)) {
    const event = parseLogLine(line, context);
    const { at } = event;
    assert.ok(at !== undefined, line);
    const { sighting, verdict, alert } = guard.take(event, line, at);
    if (alert !== undefined) count('alert');
    if (sighting !== undefined) count(`sighting ${sighting.kind}`);
    if (event.kind === 'arrival') count('mail accepted');
    if (verdict === undefined) continue;
    const { address, rule, bantime, network } = verdict;
    for (const target of [address, ...(network === undefined ? [] : [network])])
      bans.push(`${target} ${at} ${at + bantime} ${rule} ${guard.offences(target, at)}`);
  }
  return { bans, counted };
}

/** Four attackers in five lines, half of them IPv6; the fifth is mail that earns trust. */
function lineOf(number: number, random: () => number): string {
  const stamp = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString();
  const time = `${stamp.slice(0, 10)} ${stamp.slice(11, 19)}`;
  const who = Math.floor(random() * 1500);
  const peer = who % 2 === 0 ? `198.18.${who >> 8}.${who & 255}` : `2001:db8:${who >> 4}::${who & 15}`;
  const kind = number % 5;
  if (kind === 0)
    return `${time} 1xVPxv-${String(number).padStart(6, '0')}-1U <= a@b.example H=(b) [${peer}] P=esmtp S=1\n`;
  if (kind < 3)
    return `${time} H=(x) [${peer}] F=<a@b.example> rejected RCPT <a${number}@c.test>: relay not permitted\n`;
  const login = `user${Math.floor(random() * 3)}`;
  return `${time} plain authenticator failed for (x) [${peer}]: 535 Incorrect authentication data (set_id=${login})\n`;
}
