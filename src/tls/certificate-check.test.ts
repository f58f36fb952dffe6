import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { type Certificate, readCertificate } from '../host/certificate.ts';
import { issueCertificate, type Issued } from '../host/issue-certificate.ts';
import { readPrivateKey } from '../host/private-key.ts';
import type { PublicKeyFacts } from '../host/public-key.ts';
import { checkCertificate } from './certificate-check.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const day = 86_400_000;
const name = 'mx.example.org';

async function make(
  more: Partial<Parameters<typeof issueCertificate>[0]> = {},
  issuer?: Issued,
): Promise<Issued> {
  return await issueCertificate(
    {
      commonName: 'test',
      names: [{ type: 'dns', value: name }],
      authority: false,
      notBefore: now - day,
      notAfter: now + 90 * day,
      ...more,
    },
    issuer,
  );
}

function read({ certificate }: Issued): Certificate {
  const facts = readCertificate(certificate);
  assert.ok(facts.ok);
  return facts.value;
}

function keyOf({ key }: Issued): PublicKeyFacts | 'locked' {
  const facts = readPrivateKey(key);
  assert.ok(facts.ok);
  return facts.value;
}

function problems(chain: readonly Issued[], key = chain[0], hostNames: readonly string[] = [name]): string[] {
  assert.ok(key !== undefined);
  return checkCertificate({ chain: chain.map(read), key: keyOf(key), hostNames, now }).map(
    ({ message }) => message,
  );
}

const root = await make({ authority: true, commonName: 'root' });
const leaf = await make({}, root);
const other = await make({}, root);

test('checkCertificate() accepts what a server can be given', async () => {
  assert.deepEqual(problems([leaf]), []);
  assert.deepEqual(problems([leaf, root]), []);
  assert.deepEqual(problems([await make()]), []);
});

test('checkCertificate() refuses each thing that would fail on the live server', async () => {
  const expired = await make({ notAfter: now - 1 }, root);
  const early = await make({ notBefore: now + day }, root);
  const nameless = await make({ names: [] }, root);
  const middle = await make({ authority: true, commonName: 'middle' }, root);
  for (const [found, expected] of [
    [problems([], leaf), /there is none/],
    [problems([leaf], other), /the key must belong to the first certificate/],
    [problems([leaf, other]), /number 2 .* has not issued number 1/],
    [problems([middle, leaf], middle), /must be that of a server/],
    [problems([root]), /must be that of a server/],
    [
      problems([leaf], leaf, ['mail.example.org']),
      /must cover the name mail\.example\.org: it is for mx\.example\.org/,
    ],
    [problems([nameless]), /it has no names/],
    [problems([expired]), /must not have expired: .* expired on 2026-11-23/],
    [problems([early]), /must be valid already: .* is from 2026-11-24/],
  ] as const) {
    assert.match(found[0] ?? 'no problem', expected);
  }
});

test('checkCertificate() tells all that is wrong at once', async () => {
  const expired = await make({ notAfter: now - 1 }, root);
  assert.equal(problems([expired], other, ['a.example', 'b.example']).length, 4);
});

test('checkCertificate() refuses a locked key and a weak one', () => {
  const locked = createPrivateKey(leaf.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  });
  const key = readPrivateKey(locked);
  assert.deepEqual(key, { ok: true, value: 'locked' });
  assert.match(check(read(leaf), 'locked'), /without a passphrase: the key is encrypted/);

  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const weak = readPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  assert.ok(weak.ok && weak.value !== 'locked');
  assert.match(check({ ...read(leaf), key: weak.value }, weak.value), /it is RSA 1024/);
});

function check(certificate: Certificate, key: PublicKeyFacts | 'locked'): string {
  return checkCertificate({ chain: [certificate], key, hostNames: [name], now })[0]?.message ?? 'no problem';
}

test('readPrivateKey() never repeats what it was given', () => {
  const facts = readPrivateKey('hunter2');
  assert.ok(!facts.ok);
  assert.doesNotMatch(JSON.stringify(facts), /hunter2/);
});
