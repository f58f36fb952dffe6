import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readServedCertificate } from './served-certificate.ts';
import {
  CRLDistributionPointsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  X509CertificateGenerator,
} from './x509.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function certificate(extensions: Extension[]): Promise<Uint8Array> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=x',
    keys,
    signingAlgorithm: algorithm,
    extensions,
  });
  return new Uint8Array(made.rawData);
}

test('extensions that an audit wants are seen', async () => {
  const feature = new Extension('1.3.6.1.5.5.7.1.24', false, Uint8Array.of(0x30, 3, 2, 1, 5));
  const timestamps = new Extension('1.3.6.1.4.1.11129.2.4.2', false, Uint8Array.of(4, 2, 0, 0));
  const read = readServedCertificate(
    await certificate([
      feature,
      timestamps,
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
      new CRLDistributionPointsExtension(['http://crl.example/a.crl']),
    ]),
  );
  assert.ok(read.ok);
  const { mustStaple, timestamps: embedded, forServers, crl } = read.value;
  assert.deepEqual(
    { mustStaple, embedded, forServers, crl },
    { mustStaple: true, embedded: true, forServers: false, crl: ['http://crl.example/a.crl'] },
  );
});

test('a certificate without them is for anything', async () => {
  const read = readServedCertificate(await certificate([]));
  assert.ok(read.ok);
  assert.ok(!read.value.mustStaple && !read.value.timestamps && read.value.forServers);
  assert.equal(read.value.rsa, undefined);
});

test('what is no certificate is a problem', () => {
  assert.ok(!readServedCertificate(Uint8Array.of(0x30, 0x80)).ok);
  assert.ok(!readServedCertificate(new Uint8Array(1024 * 1024)).ok);
});
