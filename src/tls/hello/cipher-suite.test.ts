import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allSuites, cipherSuite, suiteNamed } from './cipher-suite.ts';

test('a suite is read from its name', () => {
  for (const [code, exchange, authentication, cipher, mac, bits, forwardSecret, tls12] of [
    [0x0003, 'RSA', 'RSA', 'RC4_40', 'MD5', 40, false, false],
    [0x0008, 'RSA', 'RSA', 'DES40_CBC', 'SHA', 40, false, false],
    [0x0009, 'RSA', 'RSA', 'DES_CBC', 'SHA', 56, false, false],
    [0x000a, 'RSA', 'RSA', '3DES_EDE_CBC', 'SHA', 112, false, false],
    [0x0018, 'DH_anon', 'anon', 'RC4_128', 'MD5', 128, false, false],
    [0x0033, 'DHE', 'RSA', 'AES_128_CBC', 'SHA', 128, true, false],
    [0x0062, 'RSA', 'RSA', 'DES_CBC', 'SHA', 56, false, false],
    [0x009d, 'RSA', 'RSA', 'AES_256_GCM', 'AEAD', 256, false, true],
    [0xc02b, 'ECDHE', 'ECDSA', 'AES_128_GCM', 'AEAD', 128, true, true],
    [0xc004, 'ECDH', 'ECDSA', 'AES_128_CBC', 'SHA', 128, false, false],
    [0xc019, 'ECDH_anon', 'anon', 'AES_256_CBC', 'SHA', 256, false, false],
    [0xc027, 'ECDHE', 'RSA', 'AES_128_CBC', 'SHA256', 128, true, true],
    [0xc0ad, 'ECDHE', 'ECDSA', 'AES_256_CCM', 'AEAD', 256, true, true],
    [0xcca8, 'ECDHE', 'RSA', 'CHACHA20_POLY1305', 'AEAD', 256, true, true],
    [0x0001, 'RSA', 'RSA', 'NULL', 'MD5', 0, false, false],
    [0x1302, 'any', 'any', 'AES_256_GCM', 'AEAD', 256, true, false],
  ] as const) {
    const suite = cipherSuite(code);
    assert.deepEqual(
      [
        suite.exchange,
        suite.authentication,
        suite.cipher,
        suite.mac,
        suite.bits,
        suite.forwardSecret,
        suite.tls12,
      ],
      [exchange, authentication, cipher, mac, bits, forwardSecret, tls12],
      suite.name,
    );
  }
});

test('suites are found by both names, and unknown ones have one too', () => {
  assert.equal(suiteNamed('ECDHE-RSA-AES128-GCM-SHA256')?.code, 0xc02f);
  assert.equal(suiteNamed('TLS_AES_128_GCM_SHA256')?.code, 0x1301);
  assert.equal(cipherSuite(0x1a1a).name, 'TLS_UNKNOWN_1A1A');
  assert.equal(new Set(allSuites.map(({ code }) => code)).size, allSuites.length);
  assert.equal(new Set(allSuites.map(({ name }) => name)).size, allSuites.length);
});
