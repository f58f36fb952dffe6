/** What a port may do instead of talking TLS over SMTP: each ends in time, with a clear word. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import type { Result } from '../src/base/result.ts';
import { systemClock } from '../src/host/clock.ts';
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '../src/host/x509.ts';
import { audit } from '../src/tls/audit/audit.ts';
import type { AuditDocument } from '../src/tls/audit/audit-document.ts';
import { usual } from '../src/tls/audit/pace.ts';
import { speakFlawed } from './audit/flawed-server.ts';
import { rsaCertificate } from './audit/rsa-certificate.ts';
import { openFront } from './audit/starttls-front.ts';

const limitMs = 8000;

async function ask(port: number, host = '127.0.0.1'): Promise<{ result: Result<AuditDocument>; ms: number }> {
  const start = performance.now();
  const result = await audit({
    endpoint: { host, port },
    implicit: false,
    helo: 'me.example',
    serverName: 'mx.example',
    names: ['mx.example'],
    roots: [],
    pace: usual,
    timeoutMs: 700,
    limitMs,
    clock: systemClock,
    profile: 'rfc9325',
    resolver: undefined,
  });
  const ms = performance.now() - start;
  assert.ok(ms < limitMs + 2000, `${ms} ms`);
  return { result, ms };
}

async function serve(
  t: TestContext,
  onConnection: (socket: Socket) => void,
  host = '127.0.0.1',
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  server.listen(0, host);
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function behindStarttls(t: TestContext, behind: (socket: Socket) => void): Promise<AuditDocument> {
  const front = await openFront({ behind });
  t.after(() => {
    front.close();
  });
  const { result } = await ask(front.port);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

describe('nothing is learned', () => {
  for (const [name, behave, words] of [
    ['not SMTP', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), /cannot read the SMTP reply/],
    ['a silent port', () => undefined, /accepts the connection and says nothing/],
    ['resets', (socket) => socket.resetAndDestroy(), /turns us away|was reset/],
    ['endless lines', (socket) => flood(socket, '220-hello\r\n'.repeat(1000)), /at most 100 lines/],
    ['an endless line', (socket) => flood(socket, 'x'.repeat(10_000)), /lines of at most/],
    [
      'a server that is always full',
      (socket) => socket.end('421 too many connections\r\n'),
      /turns us away: 421/,
    ],
  ] as const satisfies [string, (socket: Socket) => unknown, RegExp][]) {
    test(name, async (t) => {
      const { result } = await ask(await serve(t, behave));
      assert.ok(!result.ok);
      assert.equal(result.problem.kind, 'unavailable');
      assert.match(result.problem.message, words);
    });
  }
  test('nobody listens', async () => {
    const { result, ms } = await ask(9);
    assert.ok(!result.ok && ms < 4000);
    assert.match(result.problem.message, /nothing listens there/);
  });
});

describe('TLS that is none', () => {
  test('garbage instead of TLS is no version', async (t) => {
    const document = await behindStarttls(t, (socket) => {
      setTimeout(() => socket.write('what do you want?\r\n'), 30);
    });
    assert.ok(document.versions.every(({ accepted }) => accepted !== 'yes'));
    assert.ok(
      document.unknown.some(({ reason }) => /not TLS/.test(reason)),
      JSON.stringify(document.unknown),
    );
  });
  test('an answer that comes with the 220, in clear, is told', async (t) => {
    const document = await behindStarttls(t, (socket) => socket.write('250 sent in clear\r\n'));
    assert.equal(document.smtp.starttls, 'broken');
    assert.ok(document.findings.some(({ id }) => id === 'response-injection'));
  });
  test('endless records end', async (t) => {
    const record = Buffer.concat([
      Buffer.of(22, 3, 3, 0x40, 0, 11, 0xff, 0xff, 0xff),
      Buffer.alloc(0x4000 - 4),
    ]);
    const document = await behindStarttls(t, (socket) => {
      setTimeout(() => {
        flood(socket, record);
      }, 30);
    });
    assert.ok(document.versions.every(({ accepted }) => accepted !== 'yes'));
  });
  test('silence after STARTTLS is unknown, not refused', async (t) => {
    const document = await behindStarttls(t, () => undefined);
    assert.ok(
      document.versions
        .filter(({ version }) => version !== 'SSLv2')
        .every(({ accepted }) => accepted === 'unknown'),
    );
    assert.match(document.grade.grade, /\?$/);
  });
});

describe('certificates that nobody should send', () => {
  const served = async (
    t: TestContext,
    certificate: string | Uint8Array,
    key: string,
  ): Promise<AuditDocument> =>
    await behindStarttls(t, (socket) => {
      speakFlawed(socket, { certificate, key, suites: [0x002f], versions: [0x0303] });
    });

  test('a megabyte of one', async (t) => {
    const { key } = await rsaCertificate('mx.example');
    const document = await served(t, new Uint8Array(1024 * 1024).fill(0x30), key);
    assert.equal(document.versions.find(({ version }) => version === 'TLSv1.2')?.accepted, 'yes');
    assert.ok(
      document.unknown.some(({ reason }) => /at most 262144 bytes/.test(reason)),
      JSON.stringify(document.unknown),
    );
  });

  test('ten thousand names', async (t) => {
    const keys = await rsaKeys();
    const names = Array.from({ length: 10_000 }, (_, index) => ({
      type: 'dns' as const,
      value: `n${index}.example`,
    }));
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: 'CN=many',
      keys,
      signingAlgorithm: rsa,
      extensions: [new SubjectAlternativeNameExtension(names)],
    });
    const { key } = await rsaCertificate('mx.example');
    const document = await served(t, certificate.toString('pem'), key);
    const [leaf] = document.chains[0]?.certificates ?? [];
    assert.equal(leaf?.nameCount, 10_000);
    assert.equal(leaf.names.length, 100);
  });

  test('a chain that bites its own tail', async (t) => {
    const [a, b] = [await rsaKeys(), await rsaKeys()];
    const issue = async (subject: string, issuer: string, own: Keys, other: Keys): Promise<Uint8Array> => {
      const made = await X509CertificateGenerator.create({
        subject,
        issuer,
        publicKey: own.publicKey,
        signingKey: other.privateKey,
        signingAlgorithm: rsa,
      });
      return new Uint8Array(made.rawData);
    };
    const chain = [await issue('CN=a', 'CN=b', a, b), await issue('CN=b', 'CN=a', b, a)];
    const { key } = await rsaCertificate('mx.example');
    const document = await behindStarttls(t, (socket) => {
      speakFlawed(socket, {
        certificate: chain[0] ?? '',
        more: chain.slice(1),
        key,
        suites: [0x002f],
        versions: [0x0303],
      });
    });
    assert.deepEqual(
      document.chains[0]?.certificates.map(({ subject }) => subject),
      ['CN=a', 'CN=b'],
    );
    assert.equal(document.chains[0]?.inOrder, true);
  });
});

test('IPv6 alone, and no resolver', async (t) => {
  const { certificate, key } = await rsaCertificate('mx.example');
  const front = await openFront({
    host: '::1',
    behind: (socket) => {
      speakFlawed(socket, { certificate, key, suites: [0x002f], versions: [0x0303] });
    },
  });
  t.after(() => {
    front.close();
  });
  const { result } = await ask(front.port, '::1');
  assert.ok(result.ok);
  assert.equal(result.value.target.address, '::1');
  assert.equal(result.value.policy?.dane.answer, 'unknown');
  assert.match(result.value.policy.dane.evidence, /no resolver/);
});

type Keys = Awaited<ReturnType<typeof rsaKeys>>;

async function rsaKeys() {
  return await crypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
}

const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: Uint8Array.of(1, 0, 1),
  modulusLength: 2048,
};

function flood(socket: Socket, chunk: string | Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
}
