/** `tls records` against a name server: what is published is what it says is, byte for byte. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { ownProgram } from '../src/host/own-program.ts';
import { run } from '../src/host/run.ts';
import { X509Certificate } from '../src/host/x509.ts';
import { rsaCertificate } from './audit/rsa-certificate.ts';
import { type NameServerOptions, openNameServer, type Zone } from './name-server.ts';

interface Told {
  readonly status: number;
  /** `WHAT STATE`, by its first word. */
  readonly states: Readonly<Record<string, string>>;
  readonly notes: string;
  readonly publish: readonly string[];
}

interface Document {
  readonly items: readonly { what: string; state: string; publish: string[]; notes: string[] }[];
}

describe('tls records', () => {
  const folder = mkdtempSync(`${tmpdir()}/portreeve-records-`);
  let key: string;
  let nextKey: string;

  before(async () => {
    const pair = await rsaCertificate('mx.example.test');
    const next = await rsaCertificate('mx.example.test');
    writeFileSync(`${folder}/mx.crt`, pair.certificate);
    writeFileSync(`${folder}/next.key`, next.key, { mode: 0o600 });
    [key, nextKey] = await Promise.all([hashOf(pair.certificate), hashOf(next.certificate)]);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function told(
    zone: Zone,
    options: NameServerOptions = {},
    more: readonly string[] = [],
  ): Promise<Told> {
    const server = await openNameServer(zone, options);
    try {
      const dns = `127.0.0.1:${server.address().port}`;
      const host = ['--host', 'mx.example.test', '--cert', `${folder}/mx.crt`];
      const argv = [
        ...ownProgram,
        '--json',
        'tls',
        'records',
        'example.test',
        ...host,
        '--dns',
        dns,
        ...more,
      ];
      const ran = await run(argv);
      assert.ok(ran.ok);
      assert.notEqual(ran.value.stdout, '', ran.value.stderr);
      const { items } = JSON.parse(ran.value.stdout) as Document;
      return {
        status: ran.value.status,
        states: Object.fromEntries(items.map(({ what, state }) => [what.split(/[ ,]/)[0] ?? '', state])),
        notes: items.flatMap(({ notes }) => notes).join('\n'),
        publish: items.flatMap(({ publish }) => publish),
      };
    } finally {
      server.close();
    }
  }

  const tlsa = (hash: string, usage = 3): Zone[string] => [
    {
      type: 'TLSA',
      name: '_25._tcp.mx.example.test',
      data: { usage, selector: 1, matchingType: 1, certificate: Buffer.from(hash, 'hex') },
    },
  ];
  const text = (name: string, ...data: string[]): Zone => ({
    [`${name} TXT`]: data.map((each) => ({ type: 'TXT', name, data: each })),
  });
  const reports = text('_smtp._tls.example.test', 'v=TLSRPTv1; rua=mailto:postmaster@example.test');
  const mx: Zone = {
    'example.test MX': [
      { type: 'MX', name: 'example.test', data: { preference: 20, exchange: 'mx2.example.test' } },
      { type: 'MX', name: 'example.test', data: { preference: 10, exchange: 'mx.example.test' } },
    ],
  };

  test('nothing is published: what to publish, for each MX in its order', async () => {
    const { status, states, publish } = await told(mx);
    assert.equal(status, 1);
    assert.deepEqual([states['TLSA'], states['TLS']], ['missing', 'missing']);
    assert.ok(publish.includes(`_25._tcp.mx.example.test. IN TLSA 3 1 1 ${key}`));
    assert.ok(publish.indexOf('mx: mx.example.test') < publish.indexOf('mx: mx2.example.test'));
  });

  test('what is published is found, also in several strings', async () => {
    const there = { ...mx, ...reports, '_25._tcp.mx.example.test TLSA': tlsa(key) };
    const { states } = await told(there);
    assert.deepEqual([states['TLSA'], states['TLS']], ['published', 'published']);
    const name = '_smtp._tls.example.test';
    const cut = ['v=TLSRPTv1; rua=mail', 'to:postmaster@example.test'];
    const parts: Zone = { [`${name} TXT`]: [{ type: 'TXT', name, data: cut }] };
    assert.equal((await told({ ...mx, ...parts })).states['TLS'], 'published');
  });

  test('a record of another key, or of another kind, is not it', async () => {
    const other = await told({ ...mx, '_25._tcp.mx.example.test TLSA': tlsa(nextKey) });
    assert.equal(other.states['TLSA'], 'differs');
    assert.match(other.notes, /none of the published ones names the key in use/);
    const kind = await told({ ...mx, '_25._tcp.mx.example.test TLSA': tlsa(key, 1) });
    assert.equal(kind.states['TLSA'], 'differs');
  });

  test('before a roll-over both keys have to be there', async () => {
    const next = ['--next-key', `${folder}/next.key`];
    const one = await told({ ...mx, '_25._tcp.mx.example.test TLSA': tlsa(key) }, {}, next);
    assert.equal(one.states['TLSA'], 'differs');
    assert.ok(one.publish.includes(`_25._tcp.mx.example.test. IN TLSA 3 1 1 ${nextKey}`));
    const records = [...(tlsa(key) ?? []), ...(tlsa(nextKey) ?? [])];
    const both = await told({ ...mx, '_25._tcp.mx.example.test TLSA': records }, {}, next);
    assert.equal(both.states['TLSA'], 'published');
  });

  test('a name server that refuses is not one that says there is nothing', async () => {
    assert.equal((await told(mx, { refusing: true })).status, 3);
  });
});

/** As RFC 6698 counts it, by another hand: SHA-256 of the key as it stands in the certificate. */
async function hashOf(pem: string): Promise<string> {
  const { rawData } = new X509Certificate(pem).publicKey;
  return Buffer.from(await crypto.subtle.digest('SHA-256', rawData)).toString('hex');
}
