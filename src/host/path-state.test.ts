import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { readAttributes, writeAttributes } from './extended-attributes.ts';
import { isRoot } from './identity.ts';
import { type PathState, putPathState, readPathState } from './path-state.ts';

const skip = isRoot() ? false : 'owners and devices need root';
let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'path-state-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const look = { uid: 8, gid: 9, mode: 0o640, attributes: new Map([['user.note', Buffer.from('hi')]]) };
const none = { ...look, attributes: new Map<string, Buffer>(), content: Buffer.alloc(0) };
const states: readonly PathState[] = [
  { ...look, kind: 'file', content: Buffer.from('text') },
  { ...look, kind: 'folder', content: Buffer.alloc(0) },
  { ...none, kind: 'link', mode: 0o777, content: Buffer.from('/nowhere') },
  { ...none, kind: 'fifo' },
  { ...none, kind: 'device', device: 'c 1:3' },
  { ...none, kind: 'device', device: 'b 259:70000' },
];

test('putPathState() puts what readPathState() has read, whatever was there before', { skip }, async () => {
  const path = join(folder, 'x');
  for (const before of [undefined, ...states]) {
    for (const after of [...states, undefined]) {
      assert.ok((await putPathState(path, before)).ok);
      assert.ok((await putPathState(path, after)).ok);
      assert.deepEqual(await readPathState(path), { ok: true, value: after });
      assert.deepEqual(readdirSync(folder), after === undefined ? [] : ['x']);
      assert.ok((await putPathState(path, undefined)).ok);
    }
  }
});

test('the attributes that tar sees are those that were written', { skip }, () => {
  const path = join(folder, 'x');
  writeFileSync(path, '');
  // u::rw-,u:8:r--,g::r--,m::r--,o::---
  const acl = Buffer.from(
    '0200000001000600ffffffff020004000800000004000400ffffffff10000400ffffffff20000000ffffffff',
    'hex',
  );
  const wanted = new Map([
    ['system.posix_acl_access', acl],
    ['user.note', Buffer.from('written')],
  ]);
  assert.ok(writeAttributes(path, wanted).ok);
  const archive = execFileSync('tar', [
    '--format=posix',
    '--xattrs',
    '--xattrs-include=*',
    '-C',
    folder,
    '-c',
    'x',
  ]);
  assert.ok(archive.includes('SCHILY.xattr.user.note=written'));
  assert.ok(archive.includes(acl));
  assert.equal(lstatSync(path).mode & 0o777, 0o640);
  assert.deepEqual(readAttributes(path), wanted);
  assert.ok(writeAttributes(path, new Map()).ok);
  assert.equal(readAttributes(path).size, 0);
});

test('putPathState() makes hard links, and leaves nothing beside', { skip }, async () => {
  mkdirSync(join(folder, 'd'));
  writeFileSync(join(folder, 'a'), 'one');
  const state: PathState = { ...none, kind: 'file', sameAs: '../a' };
  for (const before of ['linked already', 'not there', 'another file']) {
    if (before === 'another file') writeFileSync(join(folder, 'd/b'), 'two');
    if (before === 'linked already') linkSync(join(folder, 'a'), join(folder, 'd/b'));
    assert.ok((await putPathState(join(folder, 'd/b'), state)).ok, before);
    assert.equal(lstatSync(join(folder, 'd/b')).ino, lstatSync(join(folder, 'a')).ino);
    assert.deepEqual(readdirSync(join(folder, 'd')), ['b']);
    rmSync(join(folder, 'd/b'));
  }
});

test('nothing is read, put or removed through a link', { skip }, async () => {
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real/victim'), 'untouched');
  symlinkSync('real', join(folder, 'linked'));
  const path = join(folder, 'linked/victim');
  assert.deepEqual(await readPathState(path), { ok: true, value: undefined });
  assert.ok((await putPathState(path, undefined)).ok);
  assert.ok(!(await putPathState(path, { ...none, kind: 'file' })).ok);
  assert.equal(readFileSync(join(folder, 'real/victim'), 'utf8'), 'untouched');
  writeFileSync(join(folder, 'file'), '');
  assert.deepEqual(await readPathState(join(folder, 'file/below')), { ok: true, value: undefined });
  assert.ok((await putPathState(join(folder, 'file/below'), undefined)).ok);
  const socket: PathState = { ...none, kind: 'socket' };
  assert.ok(!(await putPathState(join(folder, 'socket'), socket)).ok);
  assert.ok(!existsSync(join(folder, 'socket')));
});
