import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSecret } from './secret.ts';

test('isSecret() knows keys and passwords by name and by content, and their spare copies', () => {
  for (const [path, content] of [
    ['passwd', ''],
    ['passwd.client', ''],
    ['passwd.client.dpkg-old', ''],
    ['passwd~', ''],
    ['apache2/.htpasswd', ''],
    ['exim.key', 'der bytes'],
    ['exim.key.2024-01-01', ''],
    ['live/mx/privkey.pem', ''],
    ['notes.txt', 'see:\n-----BEGIN RSA PRIVATE KEY-----\n'],
    ['exim.crt', '-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----'],
    ['x', '-----BEGIN PGP PRIVATE KEY BLOCK-----'],
    ['x', '-----BEGIN ENCRYPTED PRIVATE KEY-----'],
  ] as const) {
    assert.ok(isSecret(path, Buffer.from(content)), path);
  }
});

test('isSecret() leaves the rest readable', () => {
  for (const [path, content] of [
    ['exim.crt', '-----BEGIN CERTIFICATE-----'],
    ['conf.d/auth/30_exim4-config_examples', 'passwd.client'],
    ['keyring.conf', 'PRIVATE KEY'],
    ['passwords-howto/README', ''],
    ['monkey', '-----BEGIN PUBLIC KEY-----'],
  ] as const) {
    assert.ok(!isSecret(path, Buffer.from(content)), path);
  }
});
