/** A connection that goes on after TLS is used again, and what fails there is never the server's answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../src/host/clock.ts';
import { auditServer } from '../src/tls/audit/audit-server.ts';
import { usual } from '../src/tls/audit/pace.ts';
import { openReverting } from './audit/reverting-server.ts';
import { rsaCertificate } from './audit/rsa-certificate.ts';

test('a refusal counts on a connection of its own alone', async (t) => {
  const server = await openReverting(await rsaCertificate('reverting.example'));
  t.after(() => {
    server.close();
  });
  const audited = await auditServer({
    endpoint: { host: '127.0.0.1', port: server.port },
    implicit: false,
    helo: 'me.example',
    serverName: 'reverting.example',
    names: ['reverting.example'],
    roots: [],
    pace: usual,
    timeoutMs: 5000,
    limitMs: 60_000,
    clock: systemClock,
  });
  assert.ok(audited.ok, JSON.stringify(audited));
  const { versions, unknown } = audited.value.facts;
  assert.deepEqual(unknown, []);
  assert.deepEqual(
    versions.filter(({ accepted }) => accepted === 'yes').map(({ version }) => version),
    ['TLSv1.2'],
  );
  const suites = versions.flatMap((each) => each.suites.map(({ openssl }) => openssl ?? ''));
  assert.deepEqual(
    suites.toSorted((a, b) => a.localeCompare(b)),
    ['AES128-SHA', 'ECDHE-RSA-AES128-GCM-SHA256'],
  );
  // Both have happened, or nothing was tested.
  assert.ok(server.counts.reverted > 3, `${server.counts.reverted} reverted`);
  assert.ok(server.counts.refused > 3, `${server.counts.refused} refused`);
});
