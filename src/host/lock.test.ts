import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { takeLock } from './lock.ts';

let path = '';
before(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'lock-')), 'lock');
});
after(async () => {
  await rm(join(path, '..'), { recursive: true });
});

test('takeLock() gives it to one at a time, and root alone may open it', async () => {
  const first = await takeLock(path, 'test');
  assert.ok(first.ok);
  const second = await takeLock(path, 'test');
  assert.ok(!second.ok);
  assert.match(second.problem.message, /^cannot test: one change at a time/);
  first.value.release();
  const third = await takeLock(path, 'test');
  assert.ok(third.ok);
  third.value.release();
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('takeLock() gets the lock of a killed process', async () => {
  const script = `
    import { takeLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
    console.log((await takeLock(${JSON.stringify(path)}, 'hold')).ok);
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  assert.equal(String((await once(holder.stdout, 'data'))[0]).trim(), 'true');
  assert.ok(!(await takeLock(path, 'test')).ok);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const ours = await takeLock(path, 'test');
  assert.ok(ours.ok);
  ours.value.release();
});
