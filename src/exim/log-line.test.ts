import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logContext } from './log-context.ts';
import { parseLogLine } from './log-line.ts';

const context = logContext({ timeZone: 'UTC' });
const stamp = '2026-11-23 08:53:00 ';

test('parseLogLine() names the peer of every template that a client can provoke', () => {
  for (const [message, kind, peer] of [
    ['Connection from [192.0.2.1] refused: too many connections', 'refused', '192.0.2.1'],
    [
      'Connection from [192.0.2.1]:4711 refused: too many connections from that IP address',
      'refused',
      '192.0.2.1',
    ],
    ['Connection from [2001:db8::1] refused: load average = 12.50', 'refused', '2001:db8::1'],
    [
      'temporarily refused connection from [192.0.2.1]: not in reserve list: connected=19 max=20 reserve=6',
      'refused',
      '192.0.2.1',
    ],
    ['refused connection from mail.example [192.0.2.1] (host_reject_connection)', 'refused', '192.0.2.1'],
    [
      'plain_server authenticator failed for (x) [192.0.2.1]: 535 Incorrect authentication data (set_id=bob)',
      'auth-failed',
      '192.0.2.1',
    ],
    [
      'plain_server authenticator failed for H=(x) [192.0.2.1]:55 I=[192.0.2.9]:25: 535 Incorrect authentication data',
      'auth-failed',
      '192.0.2.1',
    ],
    [
      'login authenticator failed for mail.example (x) [192.0.2.1] U=a b: 535 Incorrect authentication data (set_id=a) b [8.8.8.8]: 535 Incorrect)',
      'auth-failed',
      '192.0.2.1',
    ],
    [
      'H=(x) [192.0.2.1] F=<a@b.example> rejected RCPT <c@d.example>: relay not permitted',
      'rejected',
      '192.0.2.1',
    ],
    [
      'H=mx.example [192.0.2.1] X=TLS1.3:A:256 CV=no A=plain:bob F=<> temporarily rejected RCPT <c@d.example>: Unrouteable address',
      'rejected',
      '192.0.2.1',
    ],
    ['H=[192.0.2.1] sender verify fail for <x@y.example>: Unrouteable address', 'sender-verify', '192.0.2.1'],
    [
      'SMTP protocol synchronization error (input sent without waiting for greeting): rejected connection from H=[192.0.2.1] input="EHLO x\\r\\n"',
      'sync-error',
      '192.0.2.1',
    ],
    [
      'SMTP protocol synchronization error (next input sent too soon: pipelining was not advertised): rejected "EHLO x" H=(x) [192.0.2.1] next input="MAIL FROM:<a>\\r\\n"',
      'sync-error',
      '192.0.2.1',
    ],
    [
      'SMTP call from (x) [192.0.2.1] dropped: too many syntax or protocol errors (last command was "?", C=EHLO,RCPT)',
      'dropped',
      '192.0.2.1',
    ],
    [
      'SMTP call from (x) [192.0.2.1] dropped: too many nonmail commands (last was "NOOP")',
      'dropped',
      '192.0.2.1',
    ],
    [
      'SMTP call from (x) [192.0.2.1] dropped: too many unrecognized commands (last was "a b" c")',
      'dropped',
      '192.0.2.1',
    ],
    ['no MAIL in SMTP connection from (x) [192.0.2.1] D=12s C=EHLO,QUIT', 'no-mail', '192.0.2.1'],
    ['SMTP command timeout on TLS connection from (x) [192.0.2.1] D=5m', 'timeout', '192.0.2.1'],
    ['SMTP connection from (x) [192.0.2.1] lost D=0s', 'connection', '192.0.2.1'],
    [
      'unexpected disconnection while reading SMTP command from (x) [192.0.2.1] D=0s',
      'disconnected',
      '192.0.2.1',
    ],
    ['SMTP syntax error in "a b" H=(x) [192.0.2.1] unrecognized command', 'syntax-error', '192.0.2.1'],
    ['TLS error on connection from (x) [192.0.2.1] (gnutls_handshake): timed out', 'tls-error', '192.0.2.1'],
    [
      '1abcde-000000005vi-0000 <= a@b.example H=(x) [192.0.2.1] P=esmtps X=TLS1.3:A:256 CV=no A=plain:bob S=12 id=x@y',
      'arrival',
      '192.0.2.1',
    ],
    [
      '1abcde-000000005vi-0000 => c@d.example R=dnslookup T=remote_smtp H=mx.d.example [192.0.2.1] X=TLS1.3:A:256 CV=yes C="250 OK"',
      'delivery',
      '192.0.2.1',
    ],
    [
      'plain authenticator failed for H=[192.0.2.1]: 535 Incorrect authentication data',
      'auth-failed',
      '192.0.2.1',
    ],
    ['1abcde-000000005vi-0000 Completed', 'completed', undefined],
    ['what is this [192.0.2.1]', 'other', undefined],
  ] as const) {
    const event = parseLogLine(stamp + message, context);
    assert.deepEqual([event.kind, event.peer, event.ambiguous], [kind, peer, undefined], message);
    assert.equal(event.at, Date.parse('2026-11-23T08:53:00Z'));
  }
}); // prettier-ignore

test('parseLogLine() takes no address from text that a client chose', () => {
  for (const [message, kind, peer] of [
    ['getrlimit( authenticator failed H=[8.8.8.8] H=x [8.8.8.8]', 'panic', undefined],
    [
      '1abcde-000000005vi-0000 F="a H=x [8.8.8.8] rejected by local_scan(): z"@evil.example H=(real) [192.0.2.1] P=esmtp rejected by local_scan(): Rejected',
      'rejected',
      '192.0.2.1',
    ],
    [
      'H=(x) [192.0.2.1] F=<"login authenticator failed for [8.8.8.8]: 535 Incorrect authentication data (set_id=a)"@evil.example> rejected RCPT <a@b>: relay not permitted',
      'rejected',
      '192.0.2.1',
    ],
    [
      '1abcde-000000005vi-0000 <= "a H=x [8.8.8.8] P=smtp S=1"@evil.example H=(x) [192.0.2.1] P=esmtp S=12',
      'arrival',
      '192.0.2.1',
    ],
    [
      'SMTP syntax error in "a" H=[8.8.8.8] b" H=(x) [192.0.2.1] unrecognized command',
      'ambiguous',
      undefined,
    ],
  ] as const) {
    const event = parseLogLine(stamp + message, context);
    assert.deepEqual([event.kind, event.peer], [kind, peer], message);
  }
}); // prettier-ignore
