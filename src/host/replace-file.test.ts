import assert from 'node:assert/strict';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { removeFile, replaceFile, sweepTemporaryFiles } from './replace-file.ts';

const me = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
let folder = '';

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'replace-file-')));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('replaceFile() keeps the mode of an existing file, and sets one that is asked for', async () => {
  const path = join(folder, 'exim.key');
  await writeFile(path, 'old');
  await chmod(path, 0o640);
  assert.ok((await replaceFile(path, Buffer.from('new'))).ok);
  assert.equal((await lstat(path)).mode & 0o7777, 0o640);
  assert.ok((await replaceFile(path, Buffer.from('newer'), { mode: 0o600 })).ok);
  assert.equal((await lstat(path)).mode & 0o7777, 0o600);
  assert.equal(await readFile(path, 'utf8'), 'newer');
  assert.deepEqual(await readdir(folder), ['exim.key']);
});

test('replaceFile() makes a new file 0644, whatever the umask', async () => {
  const umask = process.umask(0o077);
  try {
    assert.ok((await replaceFile(join(folder, 'new'), Buffer.from('x'), me)).ok);
  } finally {
    process.umask(umask);
  }
  assert.equal((await lstat(join(folder, 'new'))).mode & 0o7777, 0o644);
});

test('replaceFile() refuses what is no regular file, and leaves it alone', async () => {
  await writeFile(join(folder, 'victim'), 'untouched');
  await symlink('victim', join(folder, 'link'));
  await mkdir(join(folder, 'real'));
  await symlink('real', join(folder, 'linked'));
  for (const name of ['link', 'real', 'linked/file', 'missing/file']) {
    const written = await replaceFile(join(folder, name), Buffer.from('x'), me);
    assert.ok(!written.ok, name);
    assert.match(written.problem.message, /^cannot replace /);
  }
  assert.equal(await readFile(join(folder, 'victim'), 'utf8'), 'untouched');
  assert.deepEqual(await readdir(join(folder, 'real')), []);
});

test('replaceFile() shows a reader the old file or the new one, whole and with its mode, at every instant', async () => {
  const path = join(folder, 'watched');
  const contents = ['a', 'b'].map((letter) => Buffer.from(letter.repeat(100_000)));
  await writeFile(path, contents[0] ?? '');
  await chmod(path, 0o640);
  const watcher = new Worker(watch, { eval: true, workerData: path });
  const seen = new Promise<{ reads: number; wrong: string[] }>((resolve) => {
    watcher.once('message', resolve);
  });
  const umask = process.umask(0);
  try {
    for (let round = 0; round < 100; round += 1) {
      assert.ok((await replaceFile(path, contents[round % 2] ?? Buffer.alloc(0))).ok);
    }
  } finally {
    process.umask(umask);
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's, not a window's
  watcher.postMessage('stop');
  const { reads, wrong } = await seen;
  await watcher.terminate();
  assert.deepEqual(wrong, []);
  assert.ok(reads > 20, `only ${reads} reads`);
});

/** Reads all the time: through one descriptor, as a server would. */
const watch = `
  const { closeSync, fstatSync, openSync, readFileSync, readdirSync, statSync } = require('node:fs');
  const { dirname } = require('node:path');
  const { parentPort, receiveMessageOnPort, workerData: path } = require('node:worker_threads');
  const wrong = [];
  let reads = 0;
  while (receiveMessageOnPort(parentPort) === undefined) {
    try {
      const file = openSync(path, 'r');
      const text = readFileSync(file, 'latin1');
      if ((fstatSync(file).mode & 0o7777) !== 0o640) wrong.push('mode');
      if (text.length !== 100000 || new Set(text).size !== 1) wrong.push('content');
      closeSync(file);
    } catch (error) {
      wrong.push(error.message);
    }
    for (const name of readdirSync(dirname(path))) {
      let found;
      try { found = statSync(dirname(path) + '/' + name); } catch { continue; }
      if ((found.mode & 0o7) !== 0) wrong.push(name + ' is open to others');
    }
    reads += 1;
  }
  parentPort.postMessage({ reads, wrong: wrong.slice(0, 5) });
`;

test('removeFile() removes a file, and is content with none', async () => {
  const path = join(folder, 'file');
  await writeFile(path, '');
  assert.ok((await removeFile(path)).ok);
  assert.ok((await removeFile(path)).ok);
  assert.deepEqual(await readdir(folder), []);
});

test('sweepTemporaryFiles() removes what killed writes have left, and nothing else', async () => {
  const others = ['.portreeve', '.portreeve-tmp-', '.portreeve-tmp-0123456789abcdef0', 'exim.key'];
  for (const name of [...others, '.portreeve-tmp-0123456789abcdef']) await writeFile(join(folder, name), '');
  assert.ok((await sweepTemporaryFiles(folder)).ok);
  assert.deepEqual((await readdir(folder)).toSorted(), others.toSorted());
});
