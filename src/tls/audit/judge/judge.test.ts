import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cipherSuite, suiteNamed } from '../../hello/cipher-suite.ts';
import type { AuditFacts, Chain, SuiteFacts, VersionFacts } from '../audit-document.ts';
import { baselineOf, newFindings } from '../new-findings.ts';
import { htmlReport } from '../report/html.ts';
import { junitReport } from '../report/junit.ts';
import { fixFor } from './fixes.ts';
import { judge } from './judge.ts';

const now = Date.parse('2026-11-24T12:00:00Z');

function suite(name: string): SuiteFacts {
  const {
    code,
    name: iana,
    openssl,
    exchange,
    authentication,
    bits,
    forwardSecret,
  } = suiteNamed(name) ?? cipherSuite(0);
  return {
    code: code.toString(16).padStart(4, '0'),
    name: iana,
    openssl: openssl ?? null,
    exchange,
    authentication,
    bits,
    forwardSecret,
  };
}

function spoken(version: string, suites: readonly string[], more: Partial<VersionFacts> = {}): VersionFacts {
  const groups = ['x25519', 'secp256r1', 'X25519MLKEM768'];
  return {
    version,
    accepted: 'yes',
    evidence: '',
    suites: suites.map(suite),
    order: 'client',
    groups,
    signatures: [],
    ...more,
  };
}

function refused(version: string): VersionFacts {
  return {
    version,
    accepted: 'no',
    evidence: 'alert protocol_version',
    suites: [],
    order: 'unknown',
    groups: null,
    signatures: null,
  };
}

const leaf = {
  subject: 'CN=mx.example',
  issuer: 'CN=an authority',
  serial: '1',
  names: ['mx.example'],
  nameCount: 1,
  notBefore: '2026-10-01T00:00:00.000Z',
  notAfter: '2026-12-24T00:00:00.000Z',
  key: 'EC P-256',
  keyKind: 'EC',
  keyBits: 256,
  signature: 'ecdsa-with-SHA256',
  sha256: '',
  sha1: '',
  keySha256: '',
  selfSigned: false,
  authority: false,
  mustStaple: false,
  embeddedTimestamps: true,
  forServers: true,
  ocsp: [],
  crl: [],
};

const chain: Chain = {
  key: 'ECDSA',
  seenIn: 'TLSv1.3',
  certificates: [leaf],
  trusted: 'yes',
  distrust: null,
  inOrder: true,
  extra: [],
  rootSent: false,
  covers: { 'mx.example': true },
  stapled: false,
  timestamps: true,
};

const tls13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];
const tls12 = ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'];

/** A server that nothing is wrong with. */
const sound: AuditFacts = {
  schema: 'portreeve-audit-1',
  target: { host: 'mx.example', port: 25, implicit: false, address: '192.0.2.1', names: ['mx.example'] },
  at: '2026-11-24T12:00:00.000Z',
  seconds: 1,
  connections: { made: 1, turnedAway: 0, mostAtOnce: 1 },
  software: 'Exim 4.98',
  smtp: {
    banner: 'mx.example ESMTP Exim 4.98',
    starttls: 'offered',
    evidence: 'a whole handshake succeeds',
    keywordsInClear: ['STARTTLS'],
    keywordsUnderTls: [],
    authInClear: 'no',
    vrfy: '252 no',
    expn: '550 no',
    requireTls: 'no',
  },
  versions: ['SSLv2', 'SSLv3', 'TLSv1.0', 'TLSv1.1']
    .map(refused)
    .concat(spoken('TLSv1.2', tls12), spoken('TLSv1.3', tls13)),
  primes: [],
  features: {
    secureRenegotiation: 'yes',
    clientRenegotiation: 'no',
    renegotiations: 0,
    compression: 'no',
    extendedMasterSecret: 'yes',
    encryptThenMac: 'yes',
    fallbackScsv: 'yes',
    heartbeat: 'no',
    sessionTickets: 'no',
    ticketLifetime: null,
    resumptionByTicket: 'no',
    resumptionById: 'no',
    earlyData: 'no',
    alpn: 'smtp',
    clientCertificate: 'no',
    postQuantum: 'yes',
  },
  chains: [chain],
  vulnerabilities: { heartbleed: { answer: 'no', evidence: '' } },
  policy: null,
  unknown: [],
};

function withVersion(version: VersionFacts): AuditFacts {
  return {
    ...sound,
    versions: sound.versions.map((each) => (each.version === version.version ? version : each)),
  };
}

function withLeaf(more: Partial<typeof leaf>, port = 25): AuditFacts {
  return {
    ...sound,
    target: { ...sound.target, port },
    chains: [{ ...chain, certificates: [{ ...leaf, ...more }] }],
  };
}

const policy = {
  resolver: '::1',
  validating: true,
  mx: null,
  dane: { answer: 'match' as const, evidence: '', records: [] },
  mtaSts: { answer: 'none' as const, evidence: '', mx: [], maxAge: null },
  tlsRpt: { answer: 'yes' as const, evidence: '' },
};

describe('a grade is that of the worst finding', () => {
  for (const [name, facts, grade, finding] of [
    ['nothing is wrong', sound, 'A', undefined],
    ['and senders know it', { ...sound, policy }, 'A+', undefined],
    ['TLS 1.0', withVersion(spoken('TLSv1.0', ['ECDHE-ECDSA-AES128-SHA'])), 'C', 'tls1.0'],
    ['SSL 3.0', withVersion(spoken('SSLv3', ['DES-CBC3-SHA'])), 'D', 'ssl3'],
    ['no encryption in a suite', withVersion(spoken('TLSv1.2', [...tls12, 'NULL-SHA'])), 'F', 'null-suite'],
    ['static RSA', withVersion(spoken('TLSv1.2', [...tls12, 'AES128-GCM-SHA256'])), 'B', 'static-rsa'],
    [
      'ffdhe8192 is no weak curve',
      withVersion(spoken('TLSv1.3', tls13, { groups: ['X25519MLKEM768', 'ffdhe8192'] })),
      'B',
      'profile-mozilla-intermediate',
    ],
    ['a weak curve', withVersion(spoken('TLSv1.2', tls12, { groups: ['secp192r1'] })), 'D', 'weak-group'],
    [
      'a prime of 512 bits',
      { ...sound, primes: [{ bits: 512, name: null, sha256: '', exported: true }] },
      'F',
      'small-prime',
    ],
    ['expired', withLeaf({ notAfter: '2026-11-20T00:00:00.000Z' }), 'D', 'certificate-expired'],
    [
      'expired, where people log in',
      withLeaf({ notAfter: '2026-11-20T00:00:00.000Z' }, 587),
      'F',
      'certificate-expired',
    ],
    ['about to expire', withLeaf({ notAfter: '2026-11-30T00:00:00.000Z' }), 'C', 'certificate-expires-soon'],
    ['a short key', withLeaf({ key: 'RSA 1024', keyKind: 'RSA', keyBits: 1024 }), 'D', 'weak-key'],
    ['no staple where one must be', withLeaf({ mustStaple: true }), 'D', 'must-staple'],
    [
      'Exim’s own certificate',
      withLeaf({ issuer: 'CN=x, O=Exim Developers' }),
      'C',
      'throw-away-certificate',
    ],
    [
      'a flaw',
      { ...sound, vulnerabilities: { heartbleed: { answer: 'yes' as const, evidence: 'ff' } } },
      'F',
      'heartbleed',
    ],
    [
      'AUTH in clear',
      { ...sound, smtp: { ...sound.smtp, authInClear: 'yes' as const } },
      'D',
      'auth-in-clear',
    ],
    [
      'DANE does not match',
      { ...sound, policy: { ...policy, dane: { ...policy.dane, answer: 'mismatch' as const } } },
      'F',
      'dane-mismatch',
    ],
    [
      'no STARTTLS',
      { ...sound, versions: [], chains: [], smtp: { ...sound.smtp, starttls: 'not-offered' as const } },
      'F',
      'starttls-not-offered',
    ],
    [
      'a version that could not be asked',
      withVersion({ ...refused('TLSv1.0'), accepted: 'unknown' }),
      'A?',
      undefined,
    ],
  ] as const satisfies readonly (readonly [string, AuditFacts, string, string | undefined])[]) {
    test(name, () => {
      const judged = judge(facts, 'mozilla-intermediate', now);
      assert.equal(judged.grade.grade, grade, JSON.stringify(judged.findings.map(({ id }) => id)));
      const ids = judged.findings.map(({ id }) => id);
      if (finding !== undefined) assert.ok(ids.includes(finding), ids.join());
    });
  }
});

test('profiles', () => {
  const passes = (facts: AuditFacts): string =>
    Object.entries(judge(facts, 'rfc9325', now).profiles)
      .filter(([, each]) => each.passes === 'yes')
      .map(([name]) => name)
      .join(' ');
  const server = withVersion(spoken('TLSv1.2', tls12, { order: 'server' }));
  const all = { ...server, versions: server.versions.map((each) => ({ ...each, order: 'server' as const })) };
  assert.equal(passes(all), 'mozilla-intermediate mozilla-old ncsc-2025 rfc9325');
  assert.equal(passes(withVersion(refused('TLSv1.2'))), 'mozilla-modern mozilla-intermediate rfc9325');
  assert.equal(passes(withVersion({ ...refused('TLSv1.0'), accepted: 'unknown' })), '');
});

test('a fix speaks the language of the server', () => {
  assert.match(fixFor('policy', 'Exim 4.96'), /portreeve tls policy/);
  assert.match(fixFor('policy', 'Postfix'), /postconf -e/);
  assert.match(fixFor('policy', 'Dovecot 2.3'), /ssl_min_protocol/);
  assert.doesNotMatch(fixFor('policy', null), /postconf|portreeve/);
});

test('a baseline leaves what is new', () => {
  const before = judge(withVersion(spoken('TLSv1.0', ['ECDHE-ECDSA-AES128-SHA'])), 'rfc9325', now);
  const after = judge({ ...before, smtp: { ...sound.smtp, authInClear: 'yes' } }, 'rfc9325', now);
  assert.deepEqual(
    newFindings(after, baselineOf([before])).map(({ id }) => id),
    ['auth-in-clear'],
  );
  const elsewhere = { ...before, target: { ...before.target, port: 587 } };
  assert.equal(newFindings(after, baselineOf([elsewhere])).length, after.findings.length);
});

test('reports hold no markup of the server’s', () => {
  const evil = '</style><script src="http://evil.example/x.js">alert(1)</script>]]>\u0000\ud800';
  const facts = {
    ...sound,
    software: evil,
    chains: [
      {
        ...chain,
        trusted: 'no' as const,
        distrust: evil,
        certificates: [{ ...leaf, subject: evil, names: [evil] }],
      },
    ],
  };
  const document = judge(facts, 'mozilla-modern', now);
  for (const report of [htmlReport([document]), junitReport([document], 'low')]) {
    assert.doesNotMatch(report, /<script|src="|href=|[\p{Cc}&&[^\n\t]]|\p{Cs}/v);
    assert.match(report, /&lt;script/);
  }
  const junit = junitReport([document], 'medium');
  assert.match(junit, /<testsuite name="mx.example:25" tests="\d+" failures="1" skipped="0"/);
  assert.match(
    junit,
    /name="certificate-untrusted"><failure message="medium: the certificate is not trusted">/,
  );
});
