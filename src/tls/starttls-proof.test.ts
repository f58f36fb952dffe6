import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test, type TestContext } from 'node:test';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { readCertificate } from '../host/certificate.ts';
import { issueCertificate, type Issued } from '../host/issue-certificate.ts';
import { type StarttlsClaim, starttlsProof } from './starttls-proof.ts';

const name = 'mx.example.org';
const dates = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 86_400_000 };
const names = [{ type: 'dns', value: name }] as const;
const root = await issueCertificate({ commonName: 'root', names: [], authority: true, ...dates });
const leaf = await issueCertificate({ commonName: name, names, authority: false, ...dates }, root);
const other = await issueCertificate({ commonName: name, names, authority: false, ...dates });

/** A mail server with TLS from the first byte. */
async function serve(t: TestContext, served: Issued, more: TlsOptions = {}): Promise<StarttlsClaim> {
  const server = createTlsServer({ cert: served.certificate, key: served.key, ...more }, (socket) => {
    socket.on('error', () => undefined);
    socket.write('220 mx\r\n');
    socket.on('data', (text) => {
      socket.write(text.toString().startsWith('QUIT') ? '221 bye\r\n' : '250 mx\r\n');
    });
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
  });
  const certificate = readCertificate(leaf.certificate);
  assert.ok(certificate.ok);
  return {
    endpoint: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    implicit: true,
    name,
    fingerprint: certificate.value.fingerprint,
    roots: [root.certificate],
    policy: { accepts: ['TLSv1.2', 'TLSv1.3'], refuses: ['TLSv1', 'TLSv1.1'] },
  };
}

async function proved(claim: StarttlsClaim): Promise<string> {
  const proof = await starttlsProof(claim).prove();
  return proof.ok ? proof.value : proof.problem.message;
}

const lax = { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } as const;

test('starttlsProof() holds where exactly this certificate is served', async (t) => {
  assert.match(
    await proved(await serve(t, leaf)),
    /^TLSv1\.3 TLS_\w+, certificate \w{16}; refused: TLSv1, TLSv1\.1$/,
  );
});

test('starttlsProof() fails on another certificate, a foreign root, and old versions', async (t) => {
  const claim = await serve(t, leaf);
  for (const [wrong, expected] of [
    [await serve(t, other), /must serve certificate \w{16}: it serves CN=mx\.example\.org/],
    [
      { ...claim, roots: [other.certificate] },
      /trusted by the given authority: UNABLE_TO_VERIFY_LEAF_SIGNATURE/,
    ],
    [await serve(t, leaf, lax), /TLSv1 must be refused: it is accepted/],
    [
      await serve(t, leaf, { ...lax, maxVersion: 'TLSv1.1' }),
      /must succeed|must agree on TLSv1\.2 or TLSv1\.3/,
    ],
    [
      { ...claim, policy: { accepts: ['TLSv1.3'], refuses: ['TLSv1.2'] } },
      /TLSv1\.2 must be refused: it is accepted/,
    ],
    [
      { ...claim, policy: { accepts: ['TLSv1.3'], refuses: [], refusesSuites: ['ECDHE-ECDSA-AES128-SHA'] } },
      /TLSv1\.2 with ECDHE-ECDSA-AES128-SHA must be refused: it is accepted/,
    ],
    [await serve(t, leaf, { maxVersion: 'TLSv1.2' }), /TLSv1\.3 must be accepted: it is refused/],
    [{ ...claim, implicit: false }, /it is silent/],
  ] as const) {
    assert.match(await proved(wrong), expected);
  }
});

test('starttlsProof() does not take a server that hangs up for one that refuses', async (t) => {
  const claim = await serve(t, leaf);
  let connections = 0;
  const moody = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    if (connections > 1) {
      socket.once('data', () => {
        socket.destroy();
      });
      return;
    }
    const through = connect(claim.endpoint);
    through.on('error', () => undefined);
    socket.pipe(through).pipe(socket);
  });
  moody.listen(0, '127.0.0.1');
  await once(moody, 'listening');
  t.after(() => {
    moody.close();
  });
  const { port } = moody.address() as AddressInfo;
  const shown = await proved({
    ...claim,
    policy: { accepts: ['TLSv1.3'], refuses: ['TLSv1'] },
    endpoint: { host: '127.0.0.1', port },
  });
  assert.match(shown, /TLSv1 must be refused: it cannot be told: .*hung up/);
});
