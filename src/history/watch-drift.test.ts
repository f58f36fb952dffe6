import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../host/clock.ts';
import { loggedIn } from '../host/logged-in.ts';
import { driftReason } from './drift-reason.ts';
import { watchDrift } from './watch-drift.ts';

test('watchDrift() looks at once, and soon after each change, content or mode', {
  timeout: 30_000,
}, async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'watch-drift-')));
  const stop = new AbortController();
  const looks: number[] = [];
  /** Milliseconds until so many looks were made. */
  const until = async (count: number): Promise<number> => {
    const start = performance.now();
    while (looks.length < count) await systemClock.sleep(20);
    return performance.now() - start;
  };
  const watching = watchDrift({
    folder,
    quietMs: 300,
    clock: systemClock,
    signal: stop.signal,
    look: async () => {
      looks.push(performance.now());
      // The third one fails, and is repeated.
      return await Promise.resolve(looks.length !== 3);
    },
  });
  try {
    assert.ok((await until(1)) < 500);
    for (const [index, edit] of [
      (): void => {
        mkdirSync(join(folder, 'new'));
        writeFileSync(join(folder, 'new/file'), 'x');
      },
      (): void => {
        chmodSync(join(folder, 'new/file'), 0o600);
      },
      // Of the look that failed.
      (): void => undefined,
    ].entries()) {
      edit();
      const ms = await until(index + 2);
      assert.ok(ms < 4500, `${ms} ms`);
    }
    assert.equal(looks.length, 4);
  } finally {
    stop.abort();
    await watching;
    rmSync(folder, { recursive: true });
  }
});

test('driftReason() says what can be known', async () => {
  const entry = { kind: 'file', owner: 'bob', group: 'root', mode: 0o644 } as const;
  const differences = ['a', 'b', 'c', 'd'].map((path) => ({ path, after: entry }));
  const reason = driftReason({
    differences,
    changedAt: 0,
    seenAt: 2000,
    uids: [1001],
    loggedIn: ['alice pts/0'],
    packages: true,
  });
  assert.deepEqual(reason, {
    ok: true,
    value:
      'drift: a, b, c and 1 more\n\nchanged: 1970-01-01T00:00:00.000Z\nseen: 1970-01-01T00:00:02.000Z\nowned by: bob (uid 1001)\nlogged in: alice pts/0\npackages: a run of apt or dpkg was going on',
  });
  for (const line of await loggedIn()) assert.match(line, /^\S+ /);
});
