import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksLike } from './looks-like.ts';

test('looksLike() tells what it is that is no Exim log', () => {
  for (const [line, guess] of [
    ['2026-11-23 08:53:00 Completed', undefined],
    ['Nov 23 08:53:00 mx exim[12]: H=[192.0.2.1] rejected', undefined],
    ['\u007fELF\u0002\u0001', 'a binary file'],
    ['Nov 23 08:53:00 mx postfix/smtpd[1]: connect from x', 'the log of another mail program'],
    ['192.0.2.1 - - [23/Nov/2026:08:53:00 +0000] "GET / HTTP/1.1" 200 1', "a web server's access log"],
    ['{"a":1}', 'JSON'],
    ['Nov 23 08:53:00 mx sshd[1]: x', 'a system log without Exim'],
    ['Received: from x', 'a mail or its headers'],
    ['whatever', 'some other text'],
  ] as const) {
    assert.equal(looksLike(line), guess, line);
  }
});
