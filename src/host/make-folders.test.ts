import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolders } from './make-folders.ts';

test('makeFolders() makes what is missing, and leaves what is there', async (context) => {
  const root = await mkdtemp(join(tmpdir(), 'folders-'));
  context.after(async () => {
    await rm(root, { recursive: true });
  });
  const path = join(root, 'a', 'b', 'c');
  await makeFolders(path, 0o700);
  await makeFolders(path, 0o755);
  assert.equal((await stat(path)).mode & 0o777, 0o700);
  await writeFile(join(root, 'file'), '');
  await assert.rejects(makeFolders(join(root, 'file')), { code: 'EEXIST' });
  await assert.rejects(makeFolders(join(root, 'file', 'below')), { code: 'ENOTDIR' });
});

test('makeFolders() ends where a file system makes no folders', { timeout: 5000 }, async () => {
  await assert.rejects(makeFolders('/proc/portreeve/below'), { code: 'ENOENT' });
});
