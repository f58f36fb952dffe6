import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { HostListFile, hostListText } from './host-list-file.ts';

test('hostListText() quotes what holds a colon', () => {
  const lines = [
    { host: '192.0.2.1' },
    { host: '198.51.100.0/24', data: '1764000000' },
    { host: '2001:db8::1' },
    { host: '2001:db8::/32', data: 'x' },
  ];
  assert.equal(
    hostListText(lines),
    '192.0.2.1\n198.51.100.0/24: 1764000000\n"2001:db8::1"\n"2001:db8::/32": x\n',
  );
});

test('HostListFile replaces the file as a whole, and only where it has changed', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'host-list-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'known');
  writeFileSync(path, 'old\n', { mode: 0o600 });
  const file = new HostListFile(path);
  assert.ok((await file.write([{ host: '192.0.2.1' }])).ok);
  assert.equal(readFileSync(path, 'utf8'), '192.0.2.1\n');
  assert.equal(statSync(path).mode & 0o777, 0o644);
  const { ino } = statSync(path);
  assert.ok((await file.write([{ host: '192.0.2.1' }])).ok);
  assert.equal(statSync(path).ino, ino);
  assert.deepEqual(readdirSync(folder), ['known']);
  const nowhere = await new HostListFile(join(folder, 'no', 'such')).write([]);
  assert.ok(!nowhere.ok && nowhere.problem.kind === 'missing');
});
