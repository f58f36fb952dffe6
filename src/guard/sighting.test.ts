import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logContext } from '../exim/log-context.ts';
import { parseLogLine } from '../exim/log-line.ts';
import { sightingOf } from './sighting.ts';

const context = logContext({ timeZone: 'UTC' });

function see(text: string): readonly [string, string, (string | undefined)?] | undefined {
  const line = `2026-11-23 09:00:00 ${text}`;
  const sighting = sightingOf(parseLogLine(line, context), line);
  if (sighting === undefined) return undefined;
  assert.equal(sighting.line, line);
  return sighting.subject === undefined
    ? [sighting.kind, sighting.address]
    : [sighting.kind, sighting.address, sighting.subject];
}

test('sightingOf() tells what each line proves, and against whom', () => {
  for (const [line, ...expected] of [
    ['Connection from [198.18.0.11] refused: too many connections', 'turned-away', '198.18.0.11'],
    ['Connection from [2001:db8::5] refused: too many connections', 'turned-away', '2001:db8::5'],
    [
      'Connection from [198.18.0.11] refused: too many connections from that IP address',
      'flood',
      '198.18.0.11',
    ],
    [
      'temporarily refused connection from [198.18.0.11]: not in reserve list: connected=14 max=20 reserve=6',
      'turned-away',
      '198.18.0.11',
    ],
    [
      'plain_server authenticator failed for (smtp.mail.invalid) [198.18.0.12]: 535 Incorrect authentication data (set_id=alice)',
      'credential',
      '198.18.0.12',
      'alice',
    ],
    [
      'H=(x.world.example) [198.18.77.6] F=<a@world.example> rejected RCPT <alice@other.test>: relay not permitted',
      'relay',
      '198.18.77.6',
    ],
    [
      'H=(mx.example.test) [198.18.77.7] F=<a@world.example> rejected RCPT <nobodyhere@example.test>: Unrouteable address',
      'harvest',
      '198.18.77.7',
    ],
    [
      'SMTP protocol synchronization error (input sent without waiting for greeting): rejected connection from H=[198.18.0.44] input="EHLO x"',
      'protocol',
      '198.18.0.44',
    ],
    ['VRFY failed for root H=(x) [198.18.0.9]', 'harvest', '198.18.0.9'],
    [
      'H=(x) [198.18.0.9] F=<a@b.example> rejected RCPT <x@example.test>: 198.18.0.9 is in a black list at zen.example',
      'spam',
      '198.18.0.9',
    ],
    [
      'H=(x) [198.18.0.9] F=<a@b.example> rejected after DATA: This message contains a virus (Eicar).',
      'spam',
      '198.18.0.9',
    ],
    ['F=<a@b.example> H=(x) [198.18.0.9] rejected by local_scan(): no', 'spam', '198.18.0.9'],
    ['rejected EHLO from [198.18.0.9]: syntactically invalid argument(s): a b', 'greeting', '198.18.0.9'],
    ['rejected MAIL from [198.18.0.9]: no HELO/EHLO given', 'greeting', '198.18.0.9'],
    ['no MAIL in SMTP connection from (x) [198.18.0.9] D=5s C=EHLO,QUIT', 'loiter', '198.18.0.9'],
    ['SMTP command timeout on connection from (x) [198.18.0.9] D=5m', 'loiter', '198.18.0.9'],
    [
      'SMTP call from (x) [198.18.0.9] dropped: too many nonmail commands (last was "NOOP")',
      'loiter',
      '198.18.0.9',
    ],
    [
      'SMTP call from (x) [198.18.0.9] dropped: too many unrecognized commands (last was "FOO")',
      'protocol',
      '198.18.0.9',
    ],
    [
      'SMTP protocol error in "AUTH LOGIN" H=(x) [198.18.0.9] AUTH command used when not advertised',
      'protocol',
      '198.18.0.9',
    ],
    [
      'TLS error on connection from (x) [198.18.0.9] (gnutls_handshake): timed out',
      'handshake',
      '198.18.0.9',
    ],
  ] as const) {
    assert.deepEqual(see(line), expected, line);
  }
});

test('sightingOf() holds nothing against anyone for ordinary mail and our own trouble', () => {
  for (const line of [
    '1xVPxv-00005n-1U <= a@world.example H=(x.world.example) [198.19.3.4] P=esmtp S=472',
    'plain_server authenticator failed for (x) [198.18.0.12]: 435 Unable to authenticate at present (set_id=alice): lookup failed',
    'H=(x) [198.18.0.9] F=<a@b.example> temporarily rejected RCPT <x@example.test>: Could not complete sender verify',
    'H=(x) [198.18.0.9] F=<a@b.example> rejected RCPT <x@example.test>: the recipient is on holiday',
    'H=(x) [198.18.0.9] sender verify fail for <a@b.example>: Unrouteable address',
    'unexpected disconnection while reading SMTP command from (x) [198.18.0.9] D=5s',
    'no host name found for IP address 198.18.0.9',
    'exim 4.96 daemon started: pid=340, -q30m, listening for SMTP on port 25 (IPv6 and IPv4)',
    'anything else at all [198.18.0.9]',
  ]) {
    assert.equal(see(line), undefined, line);
  }
});

test('sightingOf() never takes the address that a client wrote', () => {
  const scapegoat = '203.0.113.8';
  for (const line of [
    `H=(x) [198.18.0.9] F=<"x [${scapegoat}]: 535 Incorrect authentication data"@evil.invalid> rejected RCPT <a@elsewhere.invalid>: relay not permitted`,
    `H=(x) [198.18.0.9] F=<a@b.example> rejected RCPT <"Connection from [${scapegoat}] refused: too many connections"@elsewhere.invalid>: relay not permitted`,
    `plain_server authenticator failed for (x) [198.18.0.9]: 535 Incorrect authentication data (set_id=a) [${scapegoat}]: 535 Incorrect authentication data (set_id=b)`,
  ]) {
    const seen = see(line);
    assert.ok(seen === undefined || seen[1] === '198.18.0.9', `${line}: ${String(seen)}`);
  }
});
