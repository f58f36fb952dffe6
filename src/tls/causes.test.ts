import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logContext } from '../exim/log-context.ts';
import { parseLogLine } from '../exim/log-line.ts';
import { Diagnosis } from './diagnose.ts';

const from = 'TLS error on connection from (x) [192.0.2.1]:4711 ';

test('Diagnosis names the cause of what Exim logs', () => {
  for (const [message, name] of [
    [`${from}(cert/key setup: cert=/a key=/b): Error while reading file.`, 'key-unreadable'],
    [
      `${from}(cert/key setup: cert=/a key=/b): The certificate and the given key do not match.`,
      'key-does-not-match',
    ],
    [`${from}(cert/key setup: cert=/a key=/b): The requested data were not available.`, 'key-empty'],
    [`${from}(cert/key setup: cert=/a key=/b): Decryption has failed.`, 'key-locked'],
    [`${from}(cert/key setup: out of keys)`, 'key-lists-differ'],
    [`${from}(gnutls_handshake): A packet with illegal or unsupported version was received.`, 'old-version'],
    [`${from}(gnutls_handshake): No supported cipher suites have been found.`, 'no-common-cipher'],
    [`${from}(gnutls_handshake): The TLS connection was non-properly terminated.`, 'hung-up'],
    [`${from}(gnutls_handshake): An unexpected TLS packet was received.`, 'plaintext'],
    [`${from}(gnutls_handshake): No common application protocol could be negotiated.`, 'alpn'],
    [`${from}(gnutls_handshake): A connection with inappropriate fallback was attempted.`, 'fallback'],
    [`${from}(gnutls_handshake): No common key share with peer.`, 'broken-handshake'],
    [`${from}(gnutls_handshake): timed out`, 'timeout'],
    [`${from}(STARTTLS received after TLS started)`, 'starttls-twice'],
    [`${from}(certificate verification failed): certificate not supplied`, 'client-certificate'],
    [
      `${from}(gnutls_handshake): The Diffie-Hellman prime sent by the server is not acceptable (not long enough).`,
      'small-dh',
    ],
    ['Warning: No server certificate defined; will use a selfsigned one.', 'no-certificate'],
    ['tls_require_ciphers invalid: gnutls_priority_init(x) failed at offset 3', 'cipher-string'],
    ["could not stat '/x' (tls_verify_certificates): No such file or directory", 'authorities'],
    [
      '1abcde-000001-AB H=mx.example [192.0.2.1]: a TLS session is required, but the server did not offer TLS support',
      'server-without-tls',
    ],
    [`${from}(gnutls_handshake): Something that nobody has seen before.`, 'unknown'],
  ] as const) {
    const line = `2026-11-23 08:53:00 ${message}`;
    const diagnosis = new Diagnosis();
    diagnosis.see(parseLogLine(line, logContext({ timeZone: 'UTC' })), line);
    assert.deepEqual(
      diagnosis.findings().map((finding) => [finding.name, finding.count]),
      [[name, 1]],
      message,
    );
  }
});
