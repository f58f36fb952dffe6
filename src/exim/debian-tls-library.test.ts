import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTlsLibrary } from './debian-tls-library.ts';

test('readTlsLibrary() believes Exim', () => {
  assert.equal(readTlsLibrary('Exim version 4.96\nSupport for: crypteq GnuTLS TLS_resume DANE\n'), 'GnuTLS');
  assert.equal(readTlsLibrary('Support for: crypteq IPv6 OpenSSL TLS_resume\n'), 'OpenSSL');
  assert.equal(readTlsLibrary('Library version: OpenSSL: Compile\nSupport for: crypteq IPv6\n'), undefined);
});
