import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pastedSecret } from './pasted-secret.ts';

const crypted = `$6$rounds=5000$saltsalt$${'abcdefghij'.repeat(4)}`;

test('pastedSecret() finds what somebody has pasted, with its line', () => {
  for (const [text, what] of [
    ['hide mysql_servers = localhost/mail/exim/Tr0ub4dor', 'the password of a database'],
    ['  client_send = : alice : correcthorse', 'the password of a login'],
    ['  client_send = ^alice^correcthorse', 'the password of a login'],
    ['password = Tr0ub4dor&3', 'a password'],
    ['  "password": "Tr0ub4dor&3",', 'a password'],
    ['smtp_sasl_password=Tr0ub4dor', 'a password'],
    ['dnpass = Tr0ub4dor', 'a password'],
    ['uri = ldap://cn=mail:Tr0ub4dor@ldap.example', 'a password in a URL'],
    ['relay: https://bot:Tr0ub4dor@hooks.example/x', 'a password in a URL'],
    ['api_key = 0123456789abcdef0123', 'a key of an API'],
    [`key_id AKIA${'ABCDEFGH'.repeat(2)}`, 'an AWS access key'],
    [`x ghp_${'a1'.repeat(18)} y`, 'a token of GitHub or GitLab'],
    [`hook = xoxb-${'12345'.repeat(2)}-abc`, 'a token of Slack'],
    [`root:${crypted}:19000:0`, 'the hash of a password'],
  ] as const) {
    assert.deepEqual(pastedSecret(Buffer.from(`# first\n${text}\nlast\n`)), { line: 2, what }, text);
  }
});

test('pastedSecret() leaves alone what is none', () => {
  for (const text of [
    '# password = Tr0ub4dor',
    '; password = Tr0ub4dor',
    'password = $auth2',
    'hide mysql_servers = MYSQL_SERVERS',
    'client_send = "<; ${if !eq{$tls_out_cipher}{}{^${extract{1}{::}{PASSWDLINE}}}fail}"',
    'server_condition = ${if crypteq{$auth3}{${extract{1}{:}{${lookup{$auth2}lsearch{CONFDIR/passwd}{$value}{*:*}}}}}{1}{0}}',
    'PermitRootLogin prohibit-password',
    'password required pam_unix.so',
    'passwd:         files systemd',
    'PASSWORD = CHANGEME',
    'password: xxxxxxxx',
    'see https://www.exim.org/docs@4.96',
    'git@github.com:org/repo.git',
    'tls_privatekey = /etc/exim4/exim.key',
    'public_key = /etc/x',
    'PasswordAuthentication yes',
    `binary\0password = Tr0ub4dor`,
    'x'.repeat(100_000),
  ]) {
    assert.equal(pastedSecret(Buffer.from(`${text}\n`)), undefined, text.slice(0, 80));
  }
});

test('pastedSecret() takes its time from the length of the text alone', () => {
  for (const line of [
    'pass=',
    ':'.repeat(1900),
    ' client_send = :'.repeat(120),
    'a://'.repeat(450),
    '/'.repeat(1900),
  ]) {
    const start = performance.now();
    pastedSecret(Buffer.from(`mysql_servers = ${line}\nclient_send =${line}\n${line}`.repeat(50)));
    assert.ok(performance.now() - start < 1000, line.slice(0, 20));
  }
});
