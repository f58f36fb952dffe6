/** The audit against openssl s_server behind STARTTLS: what it is told to offer is what is found. */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '../src/host/clock.ts';
import { auditServer, type Audited } from '../src/tls/audit/audit-server.ts';
import { usual } from '../src/tls/audit/pace.ts';
import { type Front, openFront } from './audit/starttls-front.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe('openssl s_server', { skip: hasOpenssl ? false : 'needs openssl' }, () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'portreeve-audit-'));
    const made = spawnSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-subj',
        '/CN=mx.example',
        '-addext',
        'subjectAltName=DNS:mx.example',
        '-keyout',
        'key.pem',
        '-out',
        'cert.pem',
      ],
      { cwd: folder },
    );
    assert.equal(made.status, 0);
    const curve = spawnSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-subj',
        '/CN=mx.example',
        '-keyout',
        'ec-key.pem',
        '-out',
        'ec-cert.pem',
      ],
      { cwd: folder },
    );
    assert.equal(curve.status, 0);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function audited(...args: readonly string[]): Promise<Audited> {
    const inner = await freePort();
    const server = spawn(
      'openssl',
      [
        's_server',
        '-accept',
        `127.0.0.1:${inner}`,
        '-cert',
        'cert.pem',
        '-key',
        'key.pem',
        '-quiet',
        ...args,
      ],
      { cwd: folder, stdio: 'ignore' },
    );
    const front = await openFront({ behind: inner });
    try {
      return await ask(front, server, inner);
    } finally {
      front.close();
      server.kill();
    }
  }

  async function ask(front: Front, server: ChildProcess, inner: number): Promise<Audited> {
    await listening(inner);
    assert.equal(server.exitCode, null);
    const result = await auditServer({
      endpoint: { host: '127.0.0.1', port: front.port },
      implicit: false,
      helo: 'me.example',
      serverName: 'mx.example',
      names: ['mx.example'],
      roots: [],
      pace: usual,
      timeoutMs: 5000,
      limitMs: 60_000,
      clock: systemClock,
    });
    assert.ok(result.ok, JSON.stringify(result));
    return result.value;
  }

  test('offers what it was told to', async () => {
    const { facts } = await audited(
      '-tls1_2',
      '-cipher',
      'ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA:NULL-SHA:DHE-RSA-AES128-SHA@SECLEVEL=0',
      '-serverpref',
      '-curves',
      'P-384:X25519',
    );
    const version = (name: string) => facts.versions.find((each) => each.version === name);
    assert.deepEqual(
      facts.versions.filter(({ accepted }) => accepted !== 'no').map((each) => each.version),
      ['TLSv1.2'],
    );
    assert.deepEqual(
      version('TLSv1.2')?.suites.map(({ openssl }) => openssl),
      ['ECDHE-RSA-AES128-GCM-SHA256', 'AES256-SHA', 'NULL-SHA', 'DHE-RSA-AES128-SHA'],
    );
    assert.equal(version('TLSv1.2')?.order, 'server');
    assert.deepEqual(version('TLSv1.2')?.groups?.toSorted(), ['secp384r1', 'x25519']);
    assert.deepEqual(
      facts.chains.map(({ certificates }) => certificates.map(({ subject, key }) => [subject, key])),
      [[['CN=mx.example', 'RSA 2048']]],
    );
    assert.deepEqual(facts.chains[0]?.covers, { 'mx.example': true });
    assert.deepEqual(facts.unknown, []);
    assert.ok(facts.connections.mostAtOnce <= 10);
  });

  test('a server that prefers what we take for the last is asked on', async () => {
    const { facts } = await audited('-tls1_3', '-serverpref', '-prioritize_chacha', '-curves', 'P-521');
    const tls13 = facts.versions.find(({ version }) => version === 'TLSv1.3');
    assert.equal(tls13?.suites.length, 3);
    assert.equal(tls13?.order, 'server');
    // Its group comes after a retry, and all that follows has to be read.
    assert.deepEqual(tls13?.groups, ['secp521r1']);
    assert.ok((tls13?.signatures?.length ?? 0) >= 3);
  });

  test('the curve of an ECDSA certificate is no reason to miss other groups', async () => {
    const ec = ['-cert', 'ec-cert.pem', '-key', 'ec-key.pem'];
    const { facts } = await audited(...ec, '-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256');
    const tls12 = facts.versions.find(({ version }) => version === 'TLSv1.2');
    assert.deepEqual(tls12?.groups, ['x25519', 'secp256r1', 'secp384r1', 'secp521r1', 'x448']);
    assert.deepEqual(facts.unknown, []);
  });
});

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(address !== null && typeof address === 'object' ? address.port : 0);
      });
    });
  });
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    const { stdout } = spawnSync('grep', ['-c', `:${hex} 00000000:0000 0A`, '/proc/net/tcp'], {
      encoding: 'utf8',
    });
    if (Number(stdout) > 0) return;
    await systemClock.sleep(50);
  }
  assert.fail('openssl s_server does not listen');
}
