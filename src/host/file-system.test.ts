import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { isReadOnly, networkFileSystem, networkName } from './file-system.ts';

test('networkName() knows file systems that other machines write to', () => {
  // <linux/magic.h>: NFS, CIFS, 9P, FUSE (sshfs); ext4, tmpfs, overlayfs, btrfs
  assert.deepEqual([0x6969, 0xff534d42, 0x01021997, 0x65735546].map(networkName), [
    'NFS',
    'CIFS',
    '9P',
    'FUSE',
  ]);
  for (const type of [0xef53, 0x01021994, 0x794c7630, 0x9123683e]) assert.equal(networkName(type), undefined);
});

test('the folder of temporary files is on this machine, and can be written', async () => {
  assert.equal(await networkFileSystem(tmpdir()), undefined);
  assert.equal(await isReadOnly(tmpdir()), false);
});
