import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { nothingRead, type PartialReply, readReplies, type SmtpReply } from './smtp-reply.ts';

test('readReplies() reads what servers answer', () => {
  for (const [text, replies] of [
    ['220 mx ready\r\n', [{ code: 220, lines: ['mx ready'] }]],
    ['250-mx\r\n250-SIZE 1\r\n250 HELP\r\n', [{ code: 250, lines: ['mx', 'SIZE 1', 'HELP'] }]],
    ['354\r\n', [{ code: 354, lines: [''] }]],
    ['250 \n', [{ code: 250, lines: [''] }]],
    [
      '220 a\r\n250 b\r\n',
      [
        { code: 220, lines: ['a'] },
        { code: 250, lines: ['b'] },
      ],
    ],
    ['250-a\r\n', []],
    ['22', []],
  ] as const) {
    const read = readReplies(nothingRead, text);
    assert.ok(read.ok, text);
    assert.deepEqual(read.value.replies, replies, text);
  }
});

test('readReplies() refuses what is no reply', () => {
  for (const text of [
    '\r\n',
    'SSH-2.0-OpenSSH\r\n',
    'HTTP/1.1 400 Bad Request\r\n',
    '2200 x\r\n',
    '220x\r\n',
    '199 x\r\n',
    '600 x\r\n',
    '250-a\r\n251 b\r\n',
    `220 ${'x'.repeat(3000)}\r\n`,
    'x'.repeat(3000),
    '250-x\r\n'.repeat(101),
  ]) {
    const read = readReplies(nothingRead, text);
    assert.ok(!read.ok, text.slice(0, 40));
    assert.ok(read.problem.message.length < 300);
  }
});

const reply = fc.record(
  {
    code: fc.integer({ min: 200, max: 599 }),
    lines: fc.array(fc.stringMatching(/^[ -~]{0,40}$/), { minLength: 1, maxLength: 5 }),
  },
  { noNullPrototype: true },
);

test('readReplies() gives the same replies however they are cut into pieces', () => {
  fc.assert(
    fc.property(
      fc.array(reply, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (sent, cuts) => {
        let turn = 0;
        let rest = sent.map(write).join('');
        let partial: PartialReply = nothingRead;
        const got: SmtpReply[] = [];
        while (rest !== '') {
          const length = cuts[turn++ % cuts.length] ?? 1;
          const read = readReplies(partial, rest.slice(0, length));
          assert.ok(read.ok);
          ({ partial } = read.value);
          got.push(...read.value.replies);
          rest = rest.slice(length);
        }
        assert.deepEqual(got, sent);
        assert.deepEqual(partial, nothingRead);
      },
    ),
  );
});

function write({ code, lines }: SmtpReply): string {
  return lines.map((line, index) => `${code}${index === lines.length - 1 ? ' ' : '-'}${line}\r\n`).join('');
}
