// What clients say to the real Exim: every wording that one can provoke, in good faith and in bad.

import type { Dialogue } from './talk.ts';

type Said = Omit<Dialogue, 'from' | 'port'> & { readonly from?: string };

const ehlo = 'EHLO client.example';
const plain = (login: string, password = 'wrong'): string =>
  `AUTH PLAIN ${Buffer.from(`\0${login}\0${password}`, 'latin1').toString('base64')}`;

/** One dialogue for each wording. */
export const provocations: readonly Said[] = [
  { lines: [ehlo, plain('bob'), 'QUIT'] },
  { lines: [ehlo, 'AUTH LOGIN', 'Ym9i', '*', 'QUIT'] },
  { lines: [ehlo, 'AUTH PLAIN =x', 'AUTH UNKNOWN', 'QUIT'] },
  {
    lines: [
      ehlo,
      plain('bob', 'right'),
      'MAIL FROM:<bob@example.test>',
      'RCPT TO:<x@far.example>',
      'DATA',
      'Subject: hello\r\nMessage-ID: <1@client.example>\r\n\r\ntext\r\n.',
      'QUIT',
    ],
  },
  {
    lines: [
      ehlo,
      'MAIL FROM:<a@far.example>',
      'RCPT TO:<alice@example.test>',
      'DATA',
      'Subject: hello\r\n\r\ntext\r\n.',
      'QUIT',
    ],
  },
  {
    lines: [
      'HELO old.example',
      'MAIL FROM:<>',
      'RCPT TO:<alice@example.test>',
      'DATA',
      'Subject: a bounce\r\n\r\ntext\r\n.',
      'QUIT',
    ],
  },
  {
    lines: [
      ehlo,
      'MAIL FROM:<a@far.example>',
      'RCPT TO:<x@far.example>',
      'RCPT TO:<nobody@example.test>',
      'QUIT',
    ],
  },
  { lines: [ehlo, 'MAIL FROM:<a@nowhere.example>', 'RCPT TO:<checked@example.test>', 'QUIT'] },
  { lines: [ehlo, 'MAIL FROM:<refused@evil.example>', 'QUIT'] },
  { lines: [ehlo, 'MAIL FROM:<warned@evil.example>', 'QUIT'] },
  { lines: [ehlo, 'MAIL FROM:<a@far.example>', 'RCPT TO:<deferred@example.test>', 'QUIT'] },
  { lines: [ehlo, 'MAIL FROM:<a@far.example>', 'RCPT TO:<discarded@example.test>', 'QUIT'] },
  { lines: [ehlo, 'MAIL FROM:<a@far.example>', 'RCPT TO:<dropped@example.test>'] },
  {
    lines: [
      ehlo,
      'MAIL FROM:<a@far.example>',
      'RCPT TO:<alice@example.test>',
      'DATA',
      'Subject: a virus\r\n\r\ntext\r\n.',
      'QUIT',
    ],
  },
  {
    lines: [
      ehlo,
      'MAIL FROM:<a@far.example>',
      'RCPT TO:<alice@example.test>',
      'DATA',
      `Subject: big\r\n\r\n${'x'.repeat(70)}${`\r\n${'x'.repeat(70)}`.repeat(400)}\r\n.`,
      'QUIT',
    ],
  },
  { lines: [ehlo, 'MAIL FROM:<a@far.example> SIZE=99999999', 'QUIT'] },
  {
    lines: [
      ehlo,
      'MAIL FROM:<a@far.example>',
      'RCPT TO:<alice@example.test>',
      'DATA',
      `${'Received: from x\r\n'.repeat(6)}Subject: loop\r\n\r\nx\r\n.`,
      'QUIT',
    ],
  },
  {
    lines: [
      ehlo,
      'MAIL FROM:<a@far.example>',
      'RCPT TO:<alice@example.test>',
      'RCPT TO:<bob@example.test>',
      'RCPT TO:<alice@example.test>',
      'RCPT TO:<bob@example.test>',
      'DATA',
      'x\r\n.',
      'QUIT',
    ],
  },
  { lines: ['EHLO refuse.example', 'QUIT'] },
  { lines: ['EHLO bad_name!', 'HELO', 'QUIT'] },
  { lines: ['MAIL FROM:<a@far.example>', 'QUIT'] },
  { lines: [ehlo, 'MAIL FROM:<unqualified>', 'MAIL FROM:<a@far.example>', 'RCPT TO:<unqualified>', 'QUIT'] },
  { lines: [ehlo, 'MAIL FROM:<a@b@c>', 'MAIL TO:<x>', 'MAIL', 'RCPT'] },
  { lines: [ehlo, 'VRFY nobody@example.test', 'VRFY alice@example.test', 'ETRN #x', 'QUIT'] },
  { lines: [ehlo, 'NOOP', 'NOOP', 'NOOP', 'NOOP', 'NOOP'] },
  { lines: [ehlo, 'RUBBISH one', 'RUBBISH two', 'RUBBISH three'] },
  { lines: [ehlo, 'RCPT TO:<a@b>', 'DATA', 'RCPT TO:<a@b>', 'DATA'] },
  { lines: [], early: 'EHLO too.early\r\n' },
  { lines: [`${ehlo}\r\nMAIL FROM:<a@far.example>`] },
  { lines: [ehlo, 'MAIL FROM:<a@far.example>\r\nDATA\r\nRCPT TO:<alice@example.test>'] },
  { lines: [ehlo], silence: 2600 },
  {
    lines: [ehlo, 'MAIL FROM:<a@far.example>', 'RCPT TO:<alice@example.test>', 'DATA', 'Subject: unfinished'],
    silence: 2600,
  },
  { lines: [ehlo, 'MAIL FROM:<a@far.example>', 'RCPT TO:<alice@example.test>', 'DATA', 'Subject: cut off'] },
  { lines: [ehlo, 'MAIL FROM:<a@far.example>'] },
  { lines: [] },
  { lines: [ehlo, 'STARTTLS', 'this is no handshake'] },
  {
    lines: [
      ehlo,
      'MAIL FROM:<a@far.example>',
      'RSET',
      'MAIL FROM:<a@far.example>',
      'RSET',
      'MAIL FROM:<a@far.example>',
      'QUIT',
    ],
  },
  { from: '127.0.1.1', lines: [ehlo] },
  { from: '127.0.1.2', lines: ['EHLO other.example'] },
  { from: '127.0.1.3', lines: [ehlo] },
  { from: '127.0.1.4', lines: [ehlo] },
  { from: '127.0.1.5', lines: [ehlo] },
  { lines: [ehlo], beside: 4 },
]; // prettier-ignore

/** Text that would be taken for somebody else by whoever searches for an address. */
export const imitations: readonly string[] = [
  'H=x [8.8.8.8]',
  'x) [8.8.8.8]',
  'x) [8.8.8.8] F=<a@b> rejected RCPT <c@d>: relay not permitted',
  '[8.8.8.8]',
  ' [8.8.8.8]: 535 Incorrect authentication data (set_id=x)',
  'x [8.8.8.8]: 535 Incorrect authentication data',
  '" H=(x) [8.8.8.8] unrecognized command',
  '" H=(x) [8.8.8.8] next input="',
  '\\" H=(x) [8.8.8.8] ',
  '> H=(x) [8.8.8.8] P=smtp S=1',
  'a>: relay not permitted',
  '2026-11-23 08:53:00 Connection from [8.8.8.8] refused: too many connections',
  'x\\n2026-11-23 08:53:00 Connection from [8.8.8.8] refused: too many connections',
  'Completed',
  '"',
  "'",
  ']',
  '[',
  '(((((',
  ')))))',
  'a\u0000b',
  'a\u001b[31mred\u001b[0m',
  'a\u0007\u0008b',
  '\u00ff\u00fe\u0080',
  '\u00c3\u00a9',
  '$1 ${run{/bin/true}}',
  '%s%n%s',
  'x'.repeat(400),
  ') [8.8.8.8] '.repeat(40),
  `${'x'.repeat(10_000)} H=(x) [8.8.8.8]`,
];

/** Every field that a client controls, filled with one text. */
export function attacks(text: string): readonly Said[] {
  const local = text.replaceAll(/["\\]/g, '\\$&');
  return [
    { lines: [`EHLO ${text}`, 'MAIL FROM:<a@far.example>', 'RCPT TO:<x@far.example>', 'QUIT'] },
    { lines: [`HELO ${text}`, plain('bob'), 'QUIT'] },
    {
      lines: [
        ehlo,
        `MAIL FROM:<"${local}"@evil.example>`,
        'RCPT TO:<x@far.example>',
        'RCPT TO:<nobody@example.test>',
        'RCPT TO:<alice@example.test>',
        'DATA',
        `Subject: virus ${text}\r\nMessage-ID: <"${local}"@x>\r\n\r\nx\r\n.`,
        'QUIT',
      ],
    },
    {
      lines: [
        ehlo,
        `MAIL FROM:<"${local}"@evil.example>`,
        'RCPT TO:<alice@example.test>',
        'DATA',
        `Subject: ${text}\r\nMessage-ID: <"${local}"@x>\r\n\r\nx\r\n.`,
        'QUIT',
      ],
    },
    {
      lines: [
        ehlo,
        `MAIL FROM:<"${local}"@nowhere.example>`,
        'RCPT TO:<checked@example.test>',
        `RCPT TO:<${text}>`,
        'QUIT',
      ],
    },
    {
      lines: [
        ehlo,
        `MAIL FROM:<a@far.example>`,
        `RCPT TO:<"${local}"@far.example>`,
        `RCPT TO:${text}`,
        'QUIT',
      ],
    },
    { lines: [ehlo, `MAIL FROM:${text}`, `VRFY ${text}`, 'QUIT'] },
    { lines: [ehlo, plain(text), 'QUIT'] },
    { lines: [ehlo, 'AUTH LOGIN', Buffer.from(text, 'latin1').toString('base64'), 'eA==', 'QUIT'] },
    { lines: [ehlo, text, `RUBBISH ${text}`, `X "${text}"`] },
    { lines: [ehlo, `ETRN ${text}`, `AUTH ${text}`, `NOOP ${text}`, 'QUIT'] },
    { lines: [], early: `${text}\r\n` },
    { lines: [`${ehlo}\r\nMAIL FROM:<${text}>\r\n`] },
    { lines: [`EHLO ${text}\r\nRSET ${text}\r\n`] },
    { lines: [ehlo, `MAIL FROM:<a@far.example> AUTH=${text}`, 'MAIL FROM:<b@far.example>', 'QUIT'] },
  ]; // prettier-ignore
}
