/** Each check of a known flaw against a server that has it, and one that has not: none can only say no. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { before, describe, test } from 'node:test';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { systemClock } from '../src/host/clock.ts';
import { audit } from '../src/tls/audit/audit.ts';
import type { AuditDocument } from '../src/tls/audit/audit-document.ts';
import { auditSchema } from '../src/tls/audit/audit-schema.ts';
import { usual } from '../src/tls/audit/pace.ts';
import { type Flaws, speakFlawed } from './audit/flawed-server.ts';
import { rsaCertificate } from './audit/rsa-certificate.ts';
import { type FrontOptions, openFront } from './audit/starttls-front.ts';

const sound = { suites: [0x002f], versions: [0x0303] };

describe('a flaw is found where it is', () => {
  let pair: { certificate: string; key: string };
  let context: SecureContext;
  before(async () => {
    pair = await rsaCertificate('mx.example');
    context = createSecureContext({
      cert: pair.certificate,
      key: pair.key,
      maxVersion: 'TLSv1.2',
      ciphers: 'ALL:@SECLEVEL=0',
    });
  });

  async function audited(front: FrontOptions): Promise<AuditDocument> {
    const opened = await openFront(front);
    try {
      const result = await audit({
        endpoint: { host: '127.0.0.1', port: opened.port },
        implicit: false,
        helo: 'me.example',
        serverName: 'mx.example',
        names: ['mx.example'],
        roots: [pair.certificate],
        pace: usual,
        timeoutMs: 2500,
        limitMs: 30_000,
        clock: systemClock,
        profile: 'mozilla-intermediate',
        resolver: 'none',
      });
      assert.ok(result.ok, JSON.stringify(result));
      assert.deepEqual(auditSchema.parse(result.value), result.value);
      return result.value;
    } finally {
      opened.close();
    }
  }
  const flawed = async (flaws: Partial<Flaws>): Promise<AuditDocument> =>
    await audited({
      behind: (socket) => {
        speakFlawed(socket, { ...pair, ...sound, ...flaws });
      },
    });
  const answers = (document: AuditDocument, ...names: readonly string[]): (string | undefined)[] =>
    names.map((name) => document.vulnerabilities[name]?.answer);

  test('Heartbleed, early CCS, the ROBOT oracle, SSL 2.0, compression', async () => {
    const document = await flawed({
      heartbleed: true,
      earlyCcs: true,
      oracle: true,
      ssl2: true,
      compression: true,
    });
    assert.deepEqual(
      answers(document, 'heartbleed', 'ccs-injection', 'robot', 'drown', 'crime'),
      Array(5).fill('yes'),
    );
    assert.match(
      document.vulnerabilities['heartbleed']?.evidence ?? '',
      /3 bytes .* answered with 4115: 02100041414141/,
    );
    assert.equal(document.grade.grade, 'F');
    const ids = new Set(document.findings.map(({ id }) => id));
    for (const id of ['heartbleed', 'ccs-injection', 'robot', 'drown', 'ssl2', 'compression'])
      assert.ok(ids.has(id), id);
  });

  test('none of them on a server without', async () => {
    const document = await flawed({ heartbeat: true });
    assert.deepEqual(
      answers(
        document,
        'heartbleed',
        'ccs-injection',
        'robot',
        'drown',
        'crime',
        'freak',
        'logjam',
        'poodle',
        'sweet32',
      ),
      Array(9).fill('no'),
    );
  });

  test('export, RC4, 3DES, NULL, SSL 3.0, a prime of 1024 bits, no fallback SCSV, a DHE key used again', async () => {
    const prime = new Uint8Array(128).fill(0xc7);
    const document = await flawed({
      suites: [0x0003, 0x0005, 0x000a, 0x0002, 0x0014, 0x0033],
      versions: [0x0300, 0x0301, 0x0303],
      prime,
      withoutScsv: true,
    });
    assert.deepEqual(
      answers(document, 'freak', 'logjam', 'sweet32', 'rc4', 'poodle', 'beast', 'lucky13', 'raccoon'),
      Array(8).fill('yes'),
    );
    assert.ok(document.vulnerabilities['lucky13']?.derived);
    assert.equal(document.features.fallbackScsv, 'no');
    assert.deepEqual(
      document.versions.filter(({ accepted }) => accepted === 'yes').map(({ version }) => version),
      ['SSLv3', 'TLSv1.0', 'TLSv1.2'],
    );
    assert.deepEqual(
      document.versions
        .find(({ version }) => version === 'TLSv1.2')
        ?.suites.map(({ code }) => code)
        .toSorted(),
      ['0002', '0003', '0005', '000a', '0014', '0033'],
    );
    assert.ok(document.primes.some(({ bits }) => bits === 1024));
  });

  test('suites behind one that the server chooses and cannot do', async () => {
    const document = await flawed({
      suites: [0xc02f, 0x0033, 0xc060, 0x009c, 0xc050],
      versions: [0x0303],
      brokenExchange: 'DHE',
    });
    const { suites = [] } = document.versions.find(({ version }) => version === 'TLSv1.2') ?? {};
    assert.deepEqual(suites.map(({ code }) => code).toSorted(), ['009c', 'c02f', 'c050', 'c060']);
  });

  /** A real TLS 1.2 server that talks SMTP; `left` is what came in clear behind STARTTLS. */
  const realServer = (socket: Socket, left: string, obeys: boolean): void => {
    const tls = new TLSSocket(socket, {
      isServer: true,
      secureContext: context,
    });
    tls.on('error', () => undefined);
    const obey = (line: string): void => {
      if (/^EHLO/i.test(line)) tls.write('250-front.example\r\n250 HELP\r\n');
      else if (/^QUIT/i.test(line)) tls.end('221 bye\r\n');
      else if (line !== '') tls.write('250 fine\r\n');
    };
    tls.once('secure', () => {
      if (obeys) for (const line of left.split('\r\n')) obey(line);
    });
    tls.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString('latin1').split('\r\n')) obey(line);
    });
  };

  for (const [name, obeys, answer] of [
    ['a server that obeys what stands behind STARTTLS', true, 'yes'],
    ['one that forgets it', false, 'no'],
  ] as const) {
    test(name, async () => {
      const document = await audited({
        behind: (socket, left) => {
          realServer(socket, left, obeys);
        },
      });
      assert.equal(
        document.vulnerabilities['command-injection']?.answer,
        answer,
        JSON.stringify(document.vulnerabilities),
      );
      assert.equal(document.chains[0]?.trusted, 'yes');
      // It prefers an AEAD suite, which has no such thing: it shows where CBC alone is offered.
      assert.equal(document.features.encryptThenMac, 'yes');
      assert.match(document.vulnerabilities['lucky13']?.evidence ?? '', /with encrypt-then-MAC/);
    });
  }

  test('a server that fills short session ids from its memory', async () => {
    const document = await audited({
      behind: (socket, left) => {
        socket.once('data', (hello: Buffer) => {
          socket.pause();
          socket.unshift(hello);
          // A record header, a message header, the version, the random; then the length of the id.
          if (hello[43] === 17)
            speakFlawed(socket, { ...pair, suites: [0xc02f], versions: [0x0303], longIds: true });
          else realServer(socket, left, false);
        });
      },
    });
    assert.equal(
      document.vulnerabilities['ticketbleed']?.answer,
      'yes',
      JSON.stringify(document.vulnerabilities),
    );
    assert.equal(document.features.resumptionByTicket, 'yes');
  });
});
