import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText } from './message-text.ts';

test('messageText() says what happened first, and lets no text of a log out of its line', () => {
  const { subject, text } = messageText(
    {
      notices: [
        {
          kind: 'starttls',
          at: 0,
          title: 'STARTTLS is lost\r\nBcc: x@evil.test',
          lines: ['454 \u001b[31mno\u202e'],
          subject: 'port 25',
          urgency: 'needed',
          hint: 'portreeve tls enable',
        },
        {
          kind: 'drift',
          at: 0,
          title: 'drift',
          lines: Array.from({ length: 40 }, (_, place) => `path ${place}`),
          subject: '/etc',
          urgency: 'needed',
        },
      ],
      more: 2,
      bans: 3,
      culprits: ['198.18.0.1 is banned'],
    },
    'mx.example.test',
  );
  assert.equal(subject, 'mx.example.test: STARTTLS is lost\\x0d\\x0aBcc: x@evil.test (and 3 more)');
  assert.match(
    text,
    /^1970-01-01 00:00:00Z {2}STARTTLS is lost\\x0d\\x0aBcc: x@evil\.test\n {2}454 \\x1b\[31mno\\u\{202e\}\nWhat to do: portreeve tls enable\n/,
  );
  assert.match(text, /and 10 more lines/);
  assert.match(text, /3 bans since the last message, the first of them:\n {2}198\.18\.0\.1 is banned/);
  assert.match(text, /2 further notices/);
});
