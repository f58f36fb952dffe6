import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PortReport } from '../tls/port-report.ts';
import { noticesOfPort } from './notices-of-port.ts';

const day = 86_400_000;

function report(
  more: Partial<PortReport> & { readonly left?: number; readonly life?: number } = {},
): PortReport {
  const { left = 60, life = 90, ...rest } = more;
  const at = 1000 * day;
  const notAfter = at + left * day;
  const certificate = {
    subject: 'CN=mx',
    issuer: 'CN=ca',
    names: [],
    notBefore: notAfter - life * day,
    notAfter,
    key: 'EC',
    fingerprint: 'f',
  };
  return { port: 25, implicit: false, at, sound: true, certificate, findings: [], transcript: [], ...rest };
}

const broken = report({
  sound: false,
  findings: [{ grade: 'bad', text: 'no STARTTLS', fix: 'portreeve tls enable' }],
});

const table: readonly [string, PortReport | undefined, PortReport, readonly string[]][] = [
  ['all is well', report(), report(), []],
  ['first seen well', undefined, report(), []],
  ['first seen broken', undefined, broken, ['starttls needed']],
  ['breaks', report(), broken, ['starttls needed']],
  ['stays broken', broken, broken, []],
  ['comes back', broken, report(), ['starttls over']],
  ['comes below 21 days', report({ left: 22 }), report({ left: 20 }), ['certificate needed']],
  ['stays there', report({ left: 20 }), report({ left: 19 }), []],
  ['comes below 14', report({ left: 15 }), report({ left: 13 }), ['certificate needed']],
  ['expires', report({ left: 0.5 }), report({ left: -0.5 }), ['certificate needed']],
  ['was renewed', report({ left: 5 }), report({ left: 80 }), ['certificate over']],
  ['lives for six days, four left', undefined, report({ left: 4, life: 6 }), []],
  ['lives for six days, one left', undefined, report({ left: 1, life: 6 }), ['certificate needed']],
];

test('noticesOfPort() tells what has turned, once', () => {
  for (const [why, before, after, expected] of table)
    assert.deepEqual(
      noticesOfPort(before, after).map(({ kind, urgency }) => `${kind} ${urgency}`),
      expected,
      why,
    );
  assert.equal(noticesOfPort(report(), broken)[0]?.hint, 'portreeve tls enable');
});
