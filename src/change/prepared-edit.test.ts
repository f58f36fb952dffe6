import assert from 'node:assert/strict';
import { chmod, link, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cLibrary } from '../host/c-library.ts';
import { prepareEdits } from './prepared-edit.ts';

let folder = '';
before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'prepared-edit-')));
  await writeFile(join(folder, 'old'), 'old');
  await chmod(join(folder, 'old'), 0o640);
  await symlink('old', join(folder, 'link'));
});
after(async () => {
  await rm(folder, { recursive: true });
});

const text = (content: string): Uint8Array => Buffer.from(content);

test('prepareEdits() keeps what an edit does not say, and closes new secrets', async () => {
  const secrets = { group: '7', mode: 0o640 };
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  for (const [edit, look] of [
    [{ path: 'old', content: text('new') }, [uid, gid, 0o640]],
    [{ path: 'old', content: text('new'), mode: 0o600, owner: '5', group: '6' }, [5, 6, 0o600]],
    [{ path: 'new', content: text('new') }, [0, 0, 0o644]],
    [{ path: 'exim.key', content: text('der') }, [0, 7, 0o640]],
    [{ path: 'x', content: text('-----BEGIN PRIVATE KEY-----') }, [0, 7, 0o640]],
    [{ path: 'exim.key', content: text('der'), mode: 0o400 }, [0, 0, 0o400]],
  ] as const) {
    const path = join(folder, edit.path);
    const prepared = await prepareEdits(folder, [{ ...edit, path }], secrets);
    assert.ok(prepared.ok);
    const [{ after: wanted } = {}] = prepared.value;
    assert.deepEqual([wanted?.uid, wanted?.gid, wanted?.mode], look, edit.path);
  }
});

test('prepareEdits() leaves out what changes nothing', async () => {
  const prepared = await prepareEdits(folder, [
    { path: join(folder, 'old'), content: text('old') },
    { path: join(folder, 'none'), content: null },
  ]);
  assert.deepEqual(prepared, { ok: true, value: [] });
});

test('prepareEdits() refuses what does not lie plainly in the folder', async () => {
  for (const path of ['../x', './x', 'a//b', '.git', '.git/config', 'sub/.git/x', 'missing/x', 'link', '.']) {
    const prepared = await prepareEdits(folder, [{ path: `${folder}/${path}`, content: text('x') }]);
    assert.ok(!prepared.ok, path);
    assert.match(prepared.problem.message, /^cannot (change|read) /);
  }
  const path = join(folder, 'old');
  const twice = await prepareEdits(folder, [
    { path, content: text('1') },
    { path, content: text('2') },
  ]);
  assert.ok(!twice.ok);
  const nobody = await prepareEdits(folder, [{ path, content: text('1'), owner: 'no-such-user' }]);
  assert.ok(!nobody.ok);
  assert.equal(nobody.problem.kind, 'missing');
});

test('prepareEdits() remembers of what else a path is a name, of whatever kind it is', async () => {
  const place = await realpath(await mkdtemp(join(folder, 'names-')));
  cLibrary()?.mknod(join(place, 'fifo'), 0o010600, 0n);
  await writeFile(join(place, 'file'), 'text');
  await symlink('file', join(place, 'link'));
  for (const name of ['fifo', 'file', 'link']) await link(join(place, name), join(place, `${name}-2`));
  await mkdir(join(place, 'below'));
  await link(join(place, 'file'), join(place, 'below/file-3'));
  for (const [kind, removed, back] of [
    // From the last edit to the first: the last is put back by itself, unless a name of it stays.
    ['fifo', ['fifo', 'fifo-2'], ['fifo-2', undefined]],
    ['link', ['link', 'link-2'], ['link-2', undefined]],
    ['fifo', ['fifo'], ['fifo-2']],
    ['link', ['link-2'], ['link']],
    ['file', ['file', 'below/file-3', 'file-2'], ['file-2', '../file-2', undefined]],
    ['file', ['below/file-3', 'file-2'], ['../file', 'file']],
  ] as const) {
    const edits = removed.map((path) => ({ path: join(place, path), content: null, kind }));
    const prepared = await prepareEdits(place, edits);
    assert.ok(prepared.ok);
    const names = prepared.value.map((edit) => edit.before?.sameAs);
    assert.deepEqual(names, back, removed.join(' '));
  }
});
