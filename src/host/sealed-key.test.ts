import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSealed, openKey, sealKey } from './sealed-key.ts';

const pem = '-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----\n';

test('openKey() opens what sealKey() sealed, with this passphrase alone', () => {
  const sealed = sealKey(pem, 'corréct horse');
  assert.ok(isSealed(sealed));
  assert.ok(!isSealed(pem));
  assert.doesNotMatch(sealed, /PRIVATE|MIG/);
  const opened = openKey(sealed, 'corréct horse'.normalize('NFD'));
  assert.ok(opened.ok);
  assert.equal(opened.value, pem);
  const wrong = openKey(sealed, 'correct horse');
  assert.ok(!wrong.ok);
  assert.match(wrong.problem.message, /passphrase must be the right one/);
});

test('openKey() refuses what was changed, weakened or never sealed', () => {
  const sealed = sealKey(pem, 'a passphrase');
  for (const changed of [
    sealed.replace(/"n": 131072/, '"n": 32768'),
    sealed.replace(/"n": 131072/, '"n": 2'),
    sealed.replace(/"n": 131072/, '"n": 1073741824'),
    sealed.replace(/"data": "./, (start) => `${start.slice(0, -1)}${start.endsWith('A') ? 'B' : 'A'}`),
    sealed.replace(/"data": ".*"/, '"data": ""'),
    '{}',
    '{',
    pem,
  ]) {
    assert.notEqual(changed, sealed);
    assert.ok(!openKey(changed, 'a passphrase').ok, changed);
  }
});
