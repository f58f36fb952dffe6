import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logContext } from '../exim/log-context.ts';
import { parseLogLine } from '../exim/log-line.ts';
import { TlsHosts } from './lost-hosts.ts';
import { policies } from './policy.ts';

const context = logContext({ timeZone: 'UTC', now: Date.parse('2026-11-24T00:00:00Z') });

function arrival(day: string, address: string, tls: string): string {
  return `2026-11-${day} 10:00:00 1vAAAA-000000000AA-0001 <= a@example.org H=host.example.org [${address}] P=esmtps X=${tls} S=700`;
}

test('lostBy() names hosts that never spoke what the policy accepts', () => {
  const hosts = new TlsHosts(Date.parse('2026-11-10T00:00:00Z'));
  for (const line of [
    arrival('20', '192.0.2.1', 'TLS1.0:ECDHE_SECP256R1__RSA_PSS_RSAE_SHA256__AES_256_CBC__SHA1:256'),
    arrival('21', '192.0.2.1', 'TLS1.0:ECDHE_SECP256R1__RSA_PSS_RSAE_SHA256__AES_256_CBC__SHA1:256'),
    arrival('20', '192.0.2.2', 'TLS1.0:RSA__AES_256_CBC__SHA1:256'),
    arrival('21', '192.0.2.2', 'TLS1.2:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256'),
    arrival('20', '192.0.2.3', 'TLS1.3:ECDHE_X25519__ECDSA_SECP256R1_SHA256__AES_256_GCM:256'),
    arrival('01', '192.0.2.4', 'TLS1.0:RSA__AES_256_CBC__SHA1:256'),
    '2026-11-20 10:00:00 1vAAAA-000000000AB-0001 <= a@example.org H=plain.example.org [192.0.2.5] P=esmtp S=700',
  ]) {
    hosts.see(parseLogLine(line, context));
  }
  const { hosts: all, lost } = hosts.lostBy(policies.intermediate);
  assert.equal(all, 3);
  assert.deepEqual(lost, [
    { address: '192.0.2.1', name: 'host.example.org', versions: ['TLS1.0'], messages: 2 },
  ]);
  assert.deepEqual(
    hosts.lostBy(policies.modern).lost.map(({ address }) => address),
    ['192.0.2.1', '192.0.2.2'],
  );
  assert.equal(hosts.lostBy(policies.old).lost.length, 0);
});
