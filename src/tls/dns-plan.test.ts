import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DnsRequest, planDns, type Published } from './dns-plan.ts';

const key = 'ab'.repeat(32);
const next = 'cd'.repeat(32);
const tlsa = (data: string, usage = 3) => ({ usage, selector: 1, matching: 1, data });
const nothing: Published = { tlsa: new Map(), mtaSts: [], tlsReports: [], policy: undefined };

function request(published: Partial<Published> = {}, more: Partial<DnsRequest> = {}): DnsRequest {
  return {
    domain: 'example.org',
    exchangers: ['mx.example.org', 'mx2.example.org'],
    host: 'mx.example.org',
    key,
    mode: 'testing',
    reportsTo: 'tls@example.org',
    published: { ...nothing, ...published },
    now: Date.parse('2026-11-24T12:00:00Z'),
    ...more,
  };
}

function states(asked: DnsRequest): string {
  return planDns(asked)
    .map(({ state }) => state)
    .join(' ');
}

test('planDns() says what to publish where nothing is', () => {
  assert.deepEqual(
    planDns(request()).flatMap(({ publish }) => publish),
    [
      `_25._tcp.mx.example.org. IN TLSA 3 1 1 ${key}`,
      'version: STSv1',
      'mode: testing',
      'mx: mx.example.org',
      'mx: mx2.example.org',
      'max_age: 604800',
      '_mta-sts.example.org. IN TXT "v=STSv1; id=20261124120000"',
      '_smtp._tls.example.org. IN TXT "v=TLSRPTv1; rua=mailto:tls@example.org"',
    ],
  );
  assert.equal(states(request()), 'missing missing missing missing');
});

test('planDns() compares with what is published', () => {
  const policy =
    'version: STSv1\r\nmx:mx2.example.org\r\nmode: testing\r\nmx: MX.example.org\r\nmax_age: 86400\r\n';
  const all = {
    tlsa: new Map([['mx.example.org', [tlsa(key)]]]),
    mtaSts: ['v=STSv1; id=7'],
    tlsReports: ['v=TLSRPTv1; rua=https://reports.example.org/'],
    policy,
  };
  for (const [asked, expected] of [
    [request(all), 'published published published published'],
    [
      request({ ...all, tlsa: new Map([['mx.example.org', [tlsa(next)]]]) }),
      'differs published published published',
    ],
    [
      request({ ...all, tlsa: new Map([['mx.example.org', [tlsa(key, 2)]]]) }),
      'differs published published published',
    ],
    [request(all, { nextKey: next }), 'differs published published published'],
    [request(all, { mode: 'enforce' }), 'published differs differs published'],
    [
      request({ ...all, mtaSts: ['v=STSv1; id=7', 'v=STSv1; id=8'] }),
      'published published differs published',
    ],
    [request({ ...all, mtaSts: ['other'] }), 'published published missing published'],
    [request({ ...all, tlsReports: ['v=TLSRPTv1; rua='] }), 'published published published differs'],
    [request({ ...all, policy: undefined }), 'published missing differs published'],
  ] as const) {
    assert.equal(states(asked), expected);
  }
  const id = planDns(request(all))
    .flatMap(({ publish }) => publish)
    .find((line) => line.includes('id='));
  assert.equal(id, '_mta-sts.example.org. IN TXT "v=STSv1; id=7"');
});

test('planDns() tells the order of a roll-over, and of records that harm', () => {
  const notes = (asked: DnsRequest): string => planDns(asked)[0]?.notes.join(' | ') ?? '';
  assert.match(notes(request({}, { nextKey: next })), /publish both; wait twice the TTL/);
  assert.match(
    notes(request({ tlsa: new Map([['mx.example.org', [tlsa(next)]]]) })),
    /senders .* refuse to deliver/,
  );
  assert.match(notes(request({}, { exchangers: ['mx2.example.org'] })), /is no MX of the domain/);
});
