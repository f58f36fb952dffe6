import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderProfile, folderProfiles } from './folder-profile.ts';
import { isSecret } from './secret.ts';

test('folderProfile() is found by name and by folder', () => {
  assert.deepEqual(
    folderProfiles.map(({ name }) => name),
    ['exim4', 'apache2', 'nginx', 'postfix', 'dovecot', 'ssh', 'portreeve'],
  );
  assert.equal(folderProfile('nginx')?.folder, '/etc/nginx');
  assert.equal(folderProfile('/etc/ssh')?.name, 'ssh');
  assert.equal(folderProfile('/etc'), undefined);
});

for (const [name, secrets, open] of [
  [
    'exim4',
    ['passwd', 'passwd.client', 'exim.key', 'dkim/example.org'],
    ['exim.crt', 'dkim/example.org.pub'],
  ],
  ['apache2', ['ssl.key/www', 'ssl/private/www.pem'], ['sites-available/default.conf', 'ssl/www.crt']],
  ['nginx', ['ssl/private/www', 'private/x.pem'], ['nginx.conf', 'snippets/ssl.conf']],
  ['postfix', ['sasl_passwd', 'sasl_passwd.db', 'sasl/passwd', 'mysql-virtual.cf'], ['main.cf', 'master.cf']],
  [
    'dovecot',
    ['users', 'dovecot-sql.conf.ext', 'private/dovecot.key'],
    ['dovecot.conf', 'conf.d/10-auth.conf'],
  ],
  ['ssh', ['ssh_host_ed25519_key', 'ssh_host_rsa_key'], ['ssh_host_ed25519_key.pub', 'sshd_config']],
  ['portreeve', ['secrets/page', 'acme/account', 'api.token'], ['portreeve.toml', 'probes']],
] as const) {
  test(`the profile ${name} knows where secrets lie`, () => {
    const profile = folderProfile(name);
    for (const path of secrets) assert.ok(isSecret(path, Buffer.alloc(0), profile), path);
    for (const path of open) assert.ok(!isSecret(path, Buffer.alloc(0), profile), path);
  });
}
