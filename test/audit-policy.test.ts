/** DANE, MTA-STS and TLS-RPT against a resolver and a web server of the test's own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { readServedCertificate, type ServedCertificate } from '../src/host/served-certificate.ts';
import { X509Certificate } from '../src/host/x509.ts';
import type { PolicyFacts } from '../src/tls/audit/audit-document.ts';
import { findPolicy } from '../src/tls/audit/policy/find-policy.ts';
import { rsaCertificate } from './audit/rsa-certificate.ts';
import { openNameServer, type Zone } from './name-server.ts';

describe('what a domain says', () => {
  let pair: { certificate: string; key: string };
  let leaf: ServedCertificate;
  let web: Server;
  let policy = 'version: STSv1\nmode: enforce\nmx: mx.example\nmax_age: 86400\n';

  before(async () => {
    pair = await rsaCertificate('mta-sts.example');
    const read = readServedCertificate(new Uint8Array(new X509Certificate(pair.certificate).rawData));
    assert.ok(read.ok);
    leaf = read.value;
    web = createServer({ cert: pair.certificate, key: pair.key }, (request, response) => {
      if (request.url === '/.well-known/mta-sts.txt') response.end(policy);
      else response.writeHead(404).end();
    });
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
  });
  after(() => {
    web.close();
  });

  async function ask(
    zone: Zone,
    { validating = true, signed = true, chains = [[leaf]], silent = false } = {},
  ): Promise<PolicyFacts> {
    const resolver = await openNameServer(zone, { validating, signed, silent });
    try {
      return await findPolicy({
        resolver: { host: '127.0.0.1', port: resolver.address().port },
        timeoutMs: 600,
        roots: [pair.certificate],
        host: 'mx.example',
        port: 25,
        domain: 'example',
        chains,
        policyPort: (web.address() as AddressInfo).port,
      });
    } finally {
      resolver.close();
    }
  }
  const tlsa = (usage: number, selector: number, matchingType: number, data: string): Zone => ({
    '_25._tcp.mx.example TLSA': [
      {
        type: 'TLSA',
        name: '_25._tcp.mx.example',
        data: { usage, selector, matchingType, certificate: Buffer.from(data, 'hex') },
      },
    ],
  });

  test('a TLSA record matches the key, the certificate, or neither', async () => {
    for (const [zone, answer] of [
      [tlsa(3, 1, 1, leaf.matches.key.sha256), 'match'],
      [tlsa(3, 1, 2, leaf.matches.key.sha512), 'match'],
      [tlsa(3, 0, 1, leaf.fingerprint), 'match'],
      [tlsa(2, 0, 1, leaf.fingerprint), 'match'],
      [tlsa(3, 1, 1, '00'.repeat(32)), 'mismatch'],
      [tlsa(1, 1, 1, leaf.matches.key.sha256), 'mismatch'],
      [{}, 'none'],
    ] as const) {
      const { dane, validating } = await ask(zone);
      assert.equal(dane.answer, answer, dane.evidence);
      assert.equal(validating, true);
    }
  });

  test('what is not signed, or not checked, counts for nothing', async () => {
    const zone = tlsa(3, 1, 1, leaf.matches.key.sha256);
    assert.equal((await ask(zone, { signed: false })).dane.answer, 'insecure');
    const unchecked = await ask(zone, { validating: false });
    assert.equal(unchecked.dane.answer, 'unknown');
    assert.match(unchecked.dane.evidence, /does not validate/);
    assert.equal((await ask(zone, { silent: true })).dane.answer, 'unknown');
  });

  const text = (name: string, data: string): Zone => ({ [`${name} TXT`]: [{ type: 'TXT', name, data }] });
  const sts: Zone = {
    ...text('_mta-sts.example', 'v=STSv1; id=1'),
    'mta-sts.example A': [{ type: 'A', name: 'mta-sts.example', data: '127.0.0.1' }],
  };

  test('an MTA-STS policy is fetched and has to name the host', async () => {
    assert.equal((await ask(sts)).mtaSts.answer, 'enforce');
    policy = policy.replace('mx.example', 'other.example');
    assert.match((await ask(sts)).mtaSts.evidence, /does not name mx\.example/);
    policy = 'nonsense';
    assert.equal((await ask(sts)).mtaSts.answer, 'invalid');
    assert.equal((await ask({})).mtaSts.answer, 'none');
    assert.match((await ask(text('_mta-sts.example', 'v=STSv1; id=1'))).mtaSts.evidence, /has no address/);
  });

  test('TLS-RPT', async () => {
    for (const [data, answer] of [
      ['v=TLSRPTv1; rua=mailto:tls@example', 'yes'],
      ['v=TLSRPTv1; rua=ftp://x', 'invalid'],
      ['nothing', 'no'],
    ] as const) {
      assert.equal((await ask(text('_smtp._tls.example', data))).tlsRpt.answer, answer);
    }
  });
});
