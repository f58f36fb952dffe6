import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword, isPassword } from './password.ts';

test('isPassword() knows the password of a hash, and no other', async () => {
  const hash = await hashPassword('correct horse');
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.notEqual(hash, await hashPassword('correct horse'), 'each hash has a salt of its own');
  assert.equal(await isPassword('correct horse', `${hash}\n`), true);
  for (const wrong of ['', 'correct horse ', 'Correct horse'])
    assert.equal(await isPassword(wrong, hash), false);
  for (const odd of ['', 'x', `$argon2id$v=19$m=999999,t=2,p=1$AAAAAAAAAAA$${'A'.repeat(43)}`])
    assert.equal(await isPassword('correct horse', odd), false, odd);
});
