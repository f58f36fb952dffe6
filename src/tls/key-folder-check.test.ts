import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '../base/result.ts';
import { checkKeyFolders } from './key-folder-check.ts';

const accounts = {
  userName: (uid: number) => (uid === 0 ? 'root' : String(uid)),
  groupName: (gid: number) => (gid === 0 ? 'root' : String(gid)),
  userId: () => ok(101),
  groupId: () => ok(102),
};

test('checkKeyFolders() wants them searchable for Exim and written by root alone', () => {
  for (const [uid, gid, mode, expected] of [
    [0, 0, 0o755, []],
    [0, 102, 0o750, []],
    [0, 0, 0o775, []],
    [0, 0, 0o1777, []],
    [0, 0, 0o750, [/must be able to search it: it is root:root 0750/]],
    [0, 102, 0o705, [/must be able to search it/]],
    [0, 50, 0o775, [/root alone may write there/]],
    [0, 0, 0o777, [/root alone may write there/]],
    [101, 102, 0o700, [/root alone may write there/]],
    [1000, 0, 0o700, [/search it/, /root alone/]],
  ] as const) {
    const problems = checkKeyFolders([{ path: '/etc/exim4', state: { uid, gid, mode } }], accounts);
    assert.equal(problems.length, expected.length, `${uid}:${gid} ${mode.toString(8)}`);
    for (const [index, pattern] of expected.entries()) assert.match(problems[index]?.message ?? '', pattern);
  }
});
