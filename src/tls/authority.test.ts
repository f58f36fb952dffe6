import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, describe, test } from 'node:test';
import { initAuthority, issueLeafInto, revoke } from './authority.ts';
import { readIssued } from './authority-log.ts';

const skip = spawnSync('openssl', ['version']).error === undefined ? false : 'openssl is not on this machine';

describe('a private authority', { skip }, () => {
  const folder = mkdtempSync(`${tmpdir()}/portreeve-authority-`);
  const ca = `${folder}/ca`;
  const out = `${folder}/out`;
  const now = Date.now();
  const plain = { permitted: [], keyType: 'p256', passphrase: undefined, now } as const;
  after(() => {
    rmSync(folder, { recursive: true });
  });

  test('initAuthority() makes a root and a key that only its owner reads', async () => {
    const umask = process.umask(0);
    const made = await initAuthority({ ...plain, folder: ca, commonName: 'Test root' });
    process.umask(umask);
    assert.ok(made.ok);
    assert.equal(statSync(`${ca}/ca.key`).mode & 0o777, 0o600);
    assert.equal(statSync(ca).mode & 0o777, 0o700);
    const root = new X509Certificate(readFileSync(`${ca}/ca.crt`));
    assert.ok(root.ca);
    assert.equal(root.subject, 'CN=Test root');
    assert.match(openssl('x509', '-in', `${ca}/ca.crt`, '-noout', '-text'), /CA:TRUE, pathlen:0/);
  });

  test('initAuthority() writes over nothing', async () => {
    const key = readFileSync(`${ca}/ca.key`, 'utf8');
    assert.ok(!(await initAuthority({ ...plain, folder: ca, commonName: 'Another' })).ok);
    assert.equal(readFileSync(`${ca}/ca.key`, 'utf8'), key);
  });

  test('issueLeafInto() issues what OpenSSL and Node accept for its names', async () => {
    const issued = await issueLeafInto(ca, out, {
      names: ['mx.example.test', '*.Example.test', '192.0.2.1', '2001:db8::1'],
      passphrase: undefined,
      now,
    });
    assert.ok(issued.ok, JSON.stringify(issued));
    const { certificate, key } = issued.value;
    assert.equal(certificate, `${out}/mx.example.test.crt`);
    assert.equal(statSync(key).mode & 0o777, 0o600);
    for (const name of [
      ['-verify_hostname', 'mx.example.test'],
      ['-verify_ip', '2001:db8::1'],
    ]) {
      const strict = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', `${ca}/ca.crt`, ...name];
      assert.match(openssl(...strict, certificate), /: OK$/m);
    }
    const leaf = new X509Certificate(readFileSync(certificate));
    const root = new X509Certificate(readFileSync(`${ca}/ca.crt`));
    assert.ok(leaf.checkIssued(root) && leaf.verify(root.publicKey));
    assert.equal(leaf.ca, false);
    assert.equal(leaf.checkHost('any.example.test'), '*.example.test');
    assert.equal(Math.round((leaf.validToDate.getTime() - now) / 86_400_000), 90);
  });

  test('issueLeafInto() leaves out a common name that would be too long', async () => {
    const name = `${'a'.repeat(60)}.example.test`;
    const issued = await issueLeafInto(ca, out, { names: [name], passphrase: undefined, now });
    assert.ok(issued.ok, JSON.stringify(issued));
    const text = openssl('x509', '-in', issued.value.certificate, '-noout', '-text');
    assert.match(text, /Subject Alternative Name: critical/);
    assert.match(
      openssl('verify', '-x509_strict', '-CAfile', `${ca}/ca.crt`, issued.value.certificate),
      /: OK$/m,
    );
  });

  test('a sealed authority that is kept to a domain issues nothing without its passphrase, and nothing else', async () => {
    const sealed = `${folder}/sealed`;
    const made = await initAuthority({
      folder: sealed,
      commonName: 'Sealed root',
      permitted: ['example.test'],
      keyType: 'p384',
      passphrase: 'correct horse',
      now,
    });
    assert.ok(made.ok, JSON.stringify(made));
    assert.doesNotMatch(readFileSync(`${sealed}/ca.key`, 'utf8'), /PRIVATE KEY/);
    for (const [names, passphrase, expected] of [
      [['a.example.test'], 'wrong passphrase', /passphrase must be the right one/],
      [['mx.example.org'], 'correct horse', /may issue for example\.test alone: mx\.example\.org/],
      [['192.0.2.1'], 'correct horse', /may issue for example\.test alone/],
    ] as const) {
      const refused = await issueLeafInto(sealed, out, { names, passphrase, now });
      assert.ok(!refused.ok);
      assert.match(refused.problem.message, expected);
    }
    const request = {
      names: ['sealed.example.test'],
      keyType: 'rsa2048',
      passphrase: 'correct horse',
      now,
    } as const;
    const issued = await issueLeafInto(sealed, out, request);
    assert.ok(issued.ok, JSON.stringify(issued));
    const strict = ['verify', '-x509_strict', '-CAfile', `${sealed}/ca.crt`];
    assert.match(openssl(...strict, issued.value.certificate), /: OK$/m);
    assert.match(openssl('x509', '-in', `${sealed}/ca.crt`, '-noout', '-text'), /Name Constraints: critical/);
  });

  test('revoke() enters it in a list that OpenSSL believes', async () => {
    const why = { passphrase: undefined, reason: 'key-compromise' } as const;
    const issued = await issueLeafInto(ca, out, { names: ['gone.example.test'], passphrase: undefined, now });
    assert.ok(issued.ok);
    const { certificate } = issued.value;
    const check = [
      'verify',
      '-crl_check',
      '-CAfile',
      `${ca}/ca.crt`,
      '-CRLfile',
      `${ca}/crl.pem`,
      certificate,
    ];
    assert.match(openssl(...check), /: OK$/m);
    const revoked = await revoke(ca, 'gone.example.test', { ...why, now: now + 1000 });
    assert.ok(revoked.ok, JSON.stringify(revoked));
    const refused = spawnSync('openssl', check, { encoding: 'utf8' });
    assert.match(refused.stderr, /certificate revoked/);
    assert.match(openssl('crl', '-in', `${ca}/crl.pem`, '-CAfile', `${ca}/ca.crt`, '-noout'), /^$/);
    assert.ok(!(await revoke(ca, 'gone.example.test', { ...why, now: now + 2000 })).ok);
    assert.ok(!(await revoke(ca, 'never.example.test', { ...why, now: now + 2000 })).ok);
    const log = await readIssued(ca);
    assert.ok(log.ok);
    const entry = log.value.find(({ names }) => names.includes('gone.example.test'));
    assert.equal(entry?.revoked?.at, now + 1000);
  });

  test('issueLeafInto() refuses what is no name, and an authority that is not there', async () => {
    for (const name of ['', 'localhost', 'a b.example', '*.*.example', '../x.example', 'mx.example\n']) {
      const issued = await issueLeafInto(ca, out, { names: [name], passphrase: undefined, now });
      assert.ok(!issued.ok, name);
      assert.equal(issued.problem.kind, 'usage');
    }
    const nowhere = await issueLeafInto(`${folder}/none`, out, {
      names: ['mx.example.org'],
      passphrase: undefined,
      now,
    });
    assert.ok(!nowhere.ok);
    assert.match(nowhere.problem.hint ?? '', /tls ca init/);
  });
});

function openssl(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync('openssl', args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}
