import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  advance,
  beginDialogue,
  type DialogueEvent,
  type DialogueRequest,
  type DialogueState,
} from './dialogue.ts';

const plain: DialogueRequest = { helo: 'me.example', implicit: false };
const ehlo = '250-mx hello\r\n250-SIZE 1\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n';

/** Plays the server's part; answers with our side, TLS as `*tls*`, the end as `*close*`. */
function play(request: DialogueRequest, ...events: (string | DialogueEvent)[]): [DialogueState, string[]] {
  let [state, commands] = beginDialogue(request);
  const said: string[] = [];
  const note = (): void => {
    for (const command of commands) {
      if (command.type === 'send') said.push(command.text.trimEnd());
      else if (command.type !== 'show') said.push(`*${command.type}*`);
    }
  };
  note();
  for (const event of events) {
    const next: DialogueEvent = typeof event === 'string' ? { type: 'received', text: event } : event;
    [state, commands] = advance(state, next);
    note();
  }
  return [state, said];
}

const secured: DialogueEvent = { type: 'secured' };

test('advance() goes from the greeting through STARTTLS to QUIT', () => {
  const [state, said] = play(
    plain,
    '220 mx\r\n',
    ehlo,
    '220 go\r\n',
    secured,
    '250-mx\r\n250 HELP\r\n',
    '221 bye\r\n',
  );
  assert.deepEqual(said, ['EHLO me.example', 'STARTTLS', '*secure*', 'EHLO me.example', 'QUIT', '*close*']);
  assert.deepEqual([...(state.facts.inClear?.keys() ?? [])], ['SIZE', 'AUTH', 'STARTTLS']);
  assert.deepEqual([...(state.facts.underTls?.keys() ?? [])], ['HELP']);
  assert.equal(state.facts.broken, undefined);
});

test('advance() with implicit TLS starts with the handshake', () => {
  const [, said] = play({ ...plain, implicit: true }, secured, '220 mx\r\n', '250 mx\r\n', '221 bye\r\n');
  assert.deepEqual(said, ['*secure*', 'EHLO me.example', 'QUIT', '*close*']);
});

test('advance() leaves in peace where there is no STARTTLS', () => {
  for (const [events, fact] of [
    [['220 mx\r\n', '250 mx\r\n'], 'inClear'],
    [['220 mx\r\n', ehlo, '454 TLS currently unavailable\r\n'], 'starttlsRefused'],
    [['220 mx\r\n', '550 no\r\n'], 'refused'],
    [['554 no\r\n'], 'refused'],
  ] as const) {
    const [state, said] = play(plain, ...events, '221 bye\r\n');
    assert.ok(!said.includes('*secure*'));
    assert.deepEqual(said.slice(-2), ['QUIT', '*close*']);
    assert.ok(state.facts[fact] !== undefined);
  }
  assert.deepEqual(play(plain, '421 too many connections\r\n')[1], ['*close*']);
});

test('advance() takes nothing from the clear into the encrypted session', () => {
  for (const answer of ['220 go\r\n250 injected\r\n', '220 go\r\n250-inj', '220 go\r\n2']) {
    const [state, said] = play(plain, '220 mx\r\n', ehlo, answer);
    assert.deepEqual(said, ['EHLO me.example', 'STARTTLS', '*close*'], answer);
    assert.match(state.facts.broken?.message ?? '', /nothing may follow the 220/);
  }
});

test('advance() logs in under TLS alone, and shows no password', () => {
  const request = { ...plain, login: { user: 'alice', password: 'secret' } };
  const start = ['220 mx\r\n', ehlo, '220 go\r\n', secured] as const;
  const [state, said] = play(
    request,
    ...start,
    '250-mx\r\n250 AUTH LOGIN\r\n',
    '334 x\r\n',
    '334 y\r\n',
    '235 ok\r\n',
  );
  assert.deepEqual(said.slice(4), ['AUTH LOGIN', 'YWxpY2U=', 'c2VjcmV0', 'QUIT']);
  assert.equal(state.facts.login?.outcome, 'accepted');

  const [refused, plainly] = play(request, ...start, '250-mx\r\n250 AUTH PLAIN LOGIN\r\n', '535 no\r\n');
  assert.deepEqual(plainly.slice(4), ['AUTH PLAIN AGFsaWNlAHNlY3JldA==', 'QUIT']);
  assert.equal(refused.facts.login?.outcome, 'refused');

  assert.equal(play(request, ...start, '250 mx\r\n')[0].facts.login?.outcome, 'not-offered');
});

test('advance() ends, whatever a server says', () => {
  const events = fc.oneof(
    fc.constantFrom<DialogueEvent>(secured, { type: 'closed' }),
    fc
      .oneof(fc.string(), fc.constantFrom('220 x\r\n', ehlo, '334 x\r\n', '250 x\r\n', '421 x\r\n', '250-'))
      .map((text): DialogueEvent => ({ type: 'received', text })),
  );
  fc.assert(
    fc.property(fc.array(events, { maxLength: 30 }), fc.boolean(), (sent, implicit) => {
      const [state, said] = play({ ...plain, implicit, login: { user: 'a', password: 'b' } }, ...sent, {
        type: 'closed',
      });
      assert.equal(state.step, 'over');
      assert.equal(said.filter((word) => word === '*close*').length, 1);
      assert.ok(said.filter((word) => word === '*secure*').length <= 1);
      // The password never goes out before the handshake.
      const handshake = said.indexOf('*secure*');
      const login = said.findIndex((word) => word.startsWith('AUTH'));
      assert.ok(login === -1 || (handshake !== -1 && handshake < login));
    }),
  );
});

test('advance() tries an envelope under TLS, and no message', () => {
  const envelope = { from: '', to: 'bob@example.test' };
  const start = ['220 mx\r\n', ehlo, '220 go\r\n', secured, '250 mx\r\n'] as const;
  const [state, said] = play({ ...plain, envelope }, ...start, '250 ok\r\n', '550 no\r\n', '221 bye\r\n');
  assert.deepEqual(said.slice(4), ['MAIL FROM:<>', 'RCPT TO:<bob@example.test>', 'QUIT', '*close*']);
  assert.deepEqual([state.facts.sender?.code, state.facts.recipient?.code], [250, 550]);
  assert.deepEqual(play({ ...plain, envelope }, ...start, '451 later\r\n')[1].slice(4), [
    'MAIL FROM:<>',
    'QUIT',
  ]);
  // Never in clear.
  assert.ok(
    !play({ ...plain, envelope }, '220 mx\r\n', '250 mx\r\n')[1].some((line) => line.startsWith('MAIL')),
  );
});

test('advance() goes no further than it shall', () => {
  const all = { ...plain, login: { user: 'a', password: 'b' }, envelope: { from: 'x@y', to: 'z@y' } };
  const script = [
    '220 mx\r\n',
    ehlo,
    '220 go\r\n',
    secured,
    '250 AUTH PLAIN\r\n'.replace('250 ', '250-mx\r\n250 '),
    '235 ok\r\n',
    '250 ok\r\n',
    '250 ok\r\n',
    '221 bye\r\n',
  ];
  for (const [quitAfter, steps, last] of [
    ['STARTTLS', 3, ['STARTTLS', '*close*']],
    ['TLS', 4, ['*secure*', 'QUIT']],
    ['HELO', 5, ['EHLO me.example', 'QUIT']],
    ['AUTH', 6, ['AUTH PLAIN AGEAYg==', 'QUIT']],
    ['MAIL', 7, ['MAIL FROM:<x@y>', 'QUIT']],
    ['RCPT', 8, ['RCPT TO:<z@y>', 'QUIT']],
  ] as const) {
    const [, said] = play({ ...all, quitAfter }, ...script.slice(0, steps));
    assert.deepEqual(said.slice(-2), last, quitAfter);
  }
  const implicit = play({ ...plain, implicit: true, quitAfter: 'TLS' }, secured);
  assert.deepEqual(implicit[1], ['*secure*', '*close*']);
});
