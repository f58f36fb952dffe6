import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '../base/result.ts';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';

function value<T>(result: Result<T>): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-store-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

const ban = (target: string) => ({
  target,
  began: 0,
  until: 10,
  rule: 'relay',
  reason: 'r',
  offences: 1,
  evidence: [],
  mailBefore: 0,
  attempts: 0,
  mailLost: 0,
});

test('openStore() finds what was saved before', async (context) => {
  const folder = join(folderFor(context), 'made', 'on the way');
  for (const round of [0, 1, 2]) {
    const { store, problem } = value(await openStore(folder, round));
    assert.equal(problem, undefined);
    assert.equal(value(store.bansOf('192.0.2.1')).length, round);
    value(store.save({ bans: [ban('192.0.2.1')] }));
    store.close();
  }
});

test('openStore() moves a damaged file aside, and goes on with a fresh one', async (context) => {
  for (const [why, damage] of [
    [
      'no database',
      () => Buffer.from('this is no database at all, but long enough to be looked at\n'.repeat(100)),
    ],
    [
      'holes in it',
      (whole: Buffer) => Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(whole.length - 4096, 0xff)]),
    ],
    ['cut', (whole: Buffer) => whole.subarray(0, 6000)],
  ] as const) {
    const folder = folderFor(context);
    const path = join(folder, 'portreeve.db');
    const begun = value(await openStore(folder, 1));
    value(begun.store.save({ bans: Array.from({ length: 2000 }, (_, place) => ban(`ban ${place}`)) }));
    begun.store.close();
    const damaged = damage(readFileSync(path));
    writeFileSync(path, damaged);
    let asked = 0;
    const first = async (store: Store): Promise<void> => {
      asked += 1;
      store.eachInForce(0, () => undefined);
      await Promise.resolve();
    };
    const { store, problem } = value(await openStore(folder, 1234, first));
    assert.ok(asked <= 1, 'of the damaged file at the most');
    assert.match(
      problem?.message ?? '',
      /cannot open .*portreeve\.db.*damaged-1234 now, and a new one is begun/,
      why,
    );
    // The first page counts how often it was opened.
    const aside = readFileSync(`${path}.damaged-1234`);
    assert.deepEqual(aside.subarray(4096), damaged.subarray(4096), why);
    value(store.save({ bans: [ban('new')] }));
    assert.equal(value(store.lastBans(0)).length, 1, why);
    store.close();
    const again = value(await openStore(folder, 1235));
    assert.equal(again.problem, undefined, why);
    again.store.close();
  }
});

test('openStore() moves a file aside that somebody holds', async (context) => {
  const folder = folderFor(context);
  const path = join(folder, 'portreeve.db');
  value(await openStore(folder, 1)).store.close();
  const holder = new DatabaseSync(path);
  context.after(() => {
    holder.close();
  });
  holder.exec('BEGIN IMMEDIATE');
  const { store, problem } = value(await openStore(folder, 77));
  assert.match(problem?.message ?? '', /somebody else holds it.*locked-77/);
  value(store.save({ bans: [ban('new')] }));
  store.close();
});

test('openStore() refuses tables of a newer version, and leaves them alone', async (context) => {
  const folder = folderFor(context);
  const path = join(folder, 'portreeve.db');
  value(await openStore(folder, 1)).store.close();
  const file = new DatabaseSync(path);
  file.exec('PRAGMA user_version = 99');
  file.close();
  const refused = await openStore(folder, 1);
  assert.ok(!refused.ok);
  assert.equal(refused.problem.kind, 'configuration');
  assert.match(refused.problem.message, /needs tables of version \d+ or older: they are of version 99/);
  assert.deepEqual(
    readdirSync(folder).filter((name) => !/-(?:wal|shm)$/.test(name)),
    ['portreeve.db'],
  );
});

test('openStore() has memory do where no file can be kept', async (context) => {
  const folder = folderFor(context);
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'state', 'portreeve.db'), { recursive: true });
  for (const place of ['file/below', 'state']) {
    const { store, problem } = value(await openStore(join(folder, place), 1));
    assert.match(problem?.hint ?? '', /the guard goes on/, place);
    value(store.save({ bans: [ban('192.0.2.1')] }));
    assert.equal(value(store.bansOf('192.0.2.1')).length, 1);
    store.close();
  }
});

test('sqlite loses nothing committed, and keeps nothing half, when its process is killed', async (context) => {
  const folder = folderFor(context);
  // Each batch is two bans and a position; the child tells of a batch when `save` has returned.
  const program = `
    import { openStore } from ${JSON.stringify(new URL('open-store.ts', import.meta.url).href)};
    const { value: { store } } = await openStore(${JSON.stringify(folder)}, 0);
    let number = Number(store.position('log').value ?? 0);
    for (;;) {
      number += 1;
      const ban = { target: 'b' + number, began: 0, until: 10, rule: 'relay', reason: '', offences: 1, evidence: ['x'.repeat(3000)], mailBefore: 0, attempts: 0, mailLost: 0 };
      const saved = store.save({ bans: [ban, ban], position: { path: 'log', place: String(number) } });
      if (!saved.ok) throw new Error(saved.problem.message);
      process.stdout.write(number + '\\n');
    }`;
  let told = 0;
  for (let round = 0; round < 8; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      told = Number(line);
    });
    await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
    await sleep(round * 7);
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
    const { store, problem } = value(await openStore(folder, 0));
    assert.equal(problem, undefined);
    const kept = Number(value(store.position('log')) ?? 0);
    assert.ok(kept >= told, `${told} batches were told of, ${kept} are kept`);
    const bans = value(store.lastBans(0));
    assert.equal(bans.length, kept);
    assert.equal(value(store.bansOf(`b${kept}`)).length, 2);
    assert.equal(value(store.bansOf(`b${kept + 1}`)).length, 0);
    store.close();
    told = kept;
  }
  assert.ok(told > 16, `only ${told} batches were saved`);
});
