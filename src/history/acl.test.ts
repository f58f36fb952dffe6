import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Accounts } from '../host/accounts.ts';
import { ok } from '../base/result.ts';
import { aclText, aclValue } from './acl.ts';

const accounts: Accounts = {
  userName: (id) => (id === 1000 ? 'alice' : id === 9 ? 'odd name' : String(id)),
  groupName: (id) => (id === 8 ? 'mail' : String(id)),
  userId: (name) => ok(name === 'alice' ? 1000 : Number(name)),
  groupId: (name) => ok(name === 'mail' ? 8 : Number(name)),
};

test('aclText() says an ACL in the words of setfacl', () => {
  // As the kernel gave it for: setfacl -m u:1000:r,g:8:rw FILE
  const hex =
    '0200000001000600ffffffff02000400e803000004000400ffffffff080006000800000010000600ffffffff20000400ffffffff';
  const text = 'u::rw-,u:alice:r--,g::r--,g:mail:rw-,m::rw-,o::r--';
  assert.equal(aclText(Buffer.from(hex, 'hex'), accounts), text);
  assert.equal(aclValue(text, accounts)?.toString('hex'), hex);
});

test('aclValue() undoes aclText()', () => {
  const entry = fc.record({
    tag: fc.constantFrom(1, 2, 4, 8, 16, 32),
    permissions: fc.nat({ max: 7 }),
    id: fc.constantFrom(0, 8, 9, 1000, 4_000_000_000),
  });
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const value = Buffer.alloc(4 + 8 * entries.length);
      value.writeUInt32LE(2);
      for (const [index, { tag, permissions, id }] of entries.entries()) {
        value.writeUInt16LE(tag, 4 + 8 * index);
        value.writeUInt16LE(permissions, 6 + 8 * index);
        value.writeUInt32LE(tag === 2 || tag === 8 ? id : 0xffff_ffff, 8 + 8 * index);
      }
      assert.deepEqual(aclValue(aclText(value, accounts) ?? '?', accounts), value);
    }),
  );
});

test('neither takes what is no ACL', () => {
  for (const hex of [
    '',
    '02000000aa',
    '0300000001000600ffffffff',
    '0200000003000600ffffffff',
    '0200000001000900ffffffff',
  ]) {
    assert.equal(aclText(Buffer.from(hex, 'hex'), accounts), undefined, hex);
  }
  for (const text of ['x', 'u:alice', 'm:alice:rwx', 'u::rwxx', 'u::rw-,', 'z::rwx']) {
    assert.equal(aclValue(text, accounts), undefined, text);
  }
});
