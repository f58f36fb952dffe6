import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Certificate } from '../host/certificate.ts';
import type { TlsSession } from '../host/tls-session.ts';
import type { DialogueFacts } from './dialogue.ts';
import { type Evidence, findings, isSound } from './verdict.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const day = 86_400_000;

const certificate: Certificate = {
  subject: 'CN=mx.example.org',
  issuer: 'CN=root',
  names: ['mx.example.org'],
  notBefore: now - day,
  notAfter: now + 60 * day,
  key: { kind: 'EC', bits: 256, text: 'EC P-256', fingerprint: '00' },
  signature: 'ecdsa-with-SHA256',
  fingerprint: '00',
  isAuthority: false,
  selfSigned: false,
  issuerUrl: undefined,
  pem: '',
};

function encrypted(more: Partial<Certificate> = {}, distrust?: string, facts: DialogueFacts = {}): Evidence {
  const session: TlsSession = {
    version: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    bits: 256,
    group: 'X25519',
    chain: [{ ...certificate, ...more }],
    distrust,
  };
  return {
    conversation: { facts, handshake: { done: true, session } },
    implicit: false,
    name: 'mx.example.org',
    versions: [
      { version: 'TLSv1', answer: 'refused' },
      { version: 'TLSv1.1', answer: 'refused' },
    ],
    emptyPassword: false,
    now,
  };
}

function without(facts: DialogueFacts): Evidence {
  return { ...encrypted(), conversation: { facts, handshake: undefined }, versions: [] };
}

test('findings() of a sound server are all good', () => {
  const found = findings(encrypted());
  assert.ok(isSound(found));
  assert.deepEqual(new Set(found.map(({ grade }) => grade)), new Set(['good']));
});

test('findings() say why encryption is not sound', () => {
  const reply = (code: number, text: string) => ({ code, lines: [text] });
  for (const [evidence, expected] of [
    [without({ inClear: new Map() }), /no STARTTLS is offered/],
    [without({ starttlsRefused: reply(454, 'TLS currently unavailable') }), /offered, then refused: 454/],
    [without({ refused: reply(554, 'go away') }), /refuses the session: 554 go away/],
    [encrypted({ issuer: 'CN=mx, O=Exim Developers, C=UK' }, 'DEPTH_ZERO_SELF_SIGNED_CERT'), /throw-away/],
    [encrypted({}, 'DEPTH_ZERO_SELF_SIGNED_CERT'), /not trusted: it is self-signed/],
    [encrypted({}, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'), /neither sent by the server nor/],
    [encrypted({ names: ['a.example'] }), /does not cover mx\.example\.org: it is for a\.example/],
    [encrypted({ names: [] }), /for no name at all/],
    [encrypted({ notAfter: now - 3 * day }, 'CERT_HAS_EXPIRED'), /expired 3 days ago/],
    [encrypted({ notBefore: now + day }), /valid only from 2026-11-24/],
    [
      { ...encrypted({}, undefined, { login: { outcome: 'accepted', evidence: '' } }), emptyPassword: true },
      /empty password/,
    ],
  ] as const) {
    const found = findings(evidence);
    const bad = found.filter(({ grade }) => grade === 'bad').map(({ text }) => text);
    assert.equal(bad.length, 1, bad.join(' | '));
    assert.match(bad[0] ?? '', expected);
    assert.ok(!isSound(found));
  }
});

test('findings() warn of what is not wrong yet', () => {
  for (const [evidence, expected] of [
    [encrypted({ notAfter: now + 13 * day }), /expires in 13 days/],
    [{ ...encrypted(), versions: [{ version: 'TLSv1', answer: 'accepted' }] }, /TLS 1\.0 is still accepted/],
    [
      { ...encrypted(), versions: [{ version: 'TLSv1.1', answer: 'unknown', reason: 'busy' }] },
      /TLS 1\.1 is accepted is unknown: busy/,
    ],
    [encrypted({}, undefined, { inClear: new Map([['AUTH', ['PLAIN']]]) }), /AUTH is offered before TLS/],
  ] as const) {
    const found = findings(evidence);
    assert.ok(isSound(found));
    assert.match(found.find(({ grade }) => grade === 'warning')?.text ?? '', expected);
  }
});
