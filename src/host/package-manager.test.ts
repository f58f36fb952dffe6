import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { takeLock } from './lock.ts';
import { packageManagerRuns } from './package-manager.ts';

test('packageManagerRuns() sees that a lock of the kernel is held, and that it is not any more', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'package-manager-'));
  try {
    const path = join(folder, 'lock-frontend');
    assert.equal(await packageManagerRuns(path), false);
    const lock = await takeLock(path, 'try');
    assert.ok(lock.ok);
    assert.equal(await packageManagerRuns(path), true);
    lock.value.release();
    assert.equal(await packageManagerRuns(path), false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
