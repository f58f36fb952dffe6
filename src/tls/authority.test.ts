import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, describe, test } from 'node:test';
import { initAuthority, issueLeaf } from './authority.ts';

const skip = spawnSync('openssl', ['version']).error === undefined ? false : 'openssl is not on this machine';

describe('a private authority', { skip }, () => {
  const folder = mkdtempSync(`${tmpdir()}/portreeve-authority-`);
  const ca = `${folder}/ca`;
  const out = `${folder}/out`;
  const now = Date.now();
  after(() => {
    rmSync(folder, { recursive: true });
  });

  test('initAuthority() makes a root and a key that only its owner reads', async () => {
    const umask = process.umask(0);
    const made = await initAuthority(ca, 'Test root', now);
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
    assert.ok(!(await initAuthority(ca, 'Another', now)).ok);
    assert.equal(readFileSync(`${ca}/ca.key`, 'utf8'), key);
  });

  test('issueLeaf() issues what OpenSSL and Node accept for its names', async () => {
    const issued = await issueLeaf(
      ca,
      ['mx.example.test', '*.Example.test', '192.0.2.1', '2001:db8::1'],
      out,
      now,
    );
    assert.ok(issued.ok);
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

  test('issueLeaf() leaves out a common name that would be too long', async () => {
    const name = `${'a'.repeat(60)}.example.test`;
    const issued = await issueLeaf(ca, [name], out, now);
    assert.ok(issued.ok);
    const text = openssl('x509', '-in', issued.value.certificate, '-noout', '-text');
    assert.match(text, /Subject Alternative Name: critical/);
    assert.match(
      openssl('verify', '-x509_strict', '-CAfile', `${ca}/ca.crt`, issued.value.certificate),
      /: OK$/m,
    );
  });

  test('issueLeaf() refuses what is no name, and an authority that is not there', async () => {
    for (const name of ['', 'localhost', 'a b.example', '*.*.example', '../x.example', 'mx.example\n']) {
      const issued = await issueLeaf(ca, [name], out, now);
      assert.ok(!issued.ok, name);
      assert.equal(issued.problem.kind, 'usage');
    }
    const nowhere = await issueLeaf(`${folder}/none`, ['mx.example.test'], out, now);
    assert.ok(!nowhere.ok);
    assert.match(nowhere.problem.hint ?? '', /tls ca init/);
  });
});

function openssl(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync('openssl', args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}
