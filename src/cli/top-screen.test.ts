import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawTop, emptyTop, press, type TopState } from './top-screen.ts';

const ban = (target: string) => ({
  target,
  began: 0,
  until: 60_000,
  rule: 'relay',
  reason: 'r',
  offences: 1,
});
const state: TopState = { ...emptyTop, bans: ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(ban), total: 3 };

test('press() moves, asks before it does, and does what is answered with y', () => {
  const play = (keys: readonly string[]): ReturnType<typeof press> => {
    let pressed: ReturnType<typeof press> = [state];
    for (const key of keys) pressed = press(pressed[0], key);
    return pressed;
  };
  assert.equal(play(['j', 'j', 'j', 'j'])[0].chosen, 2);
  assert.equal(play(['j', 'k', 'k'])[0].chosen, 0);
  assert.deepEqual(play(['j', 'e'])[1], { does: 'explain', target: '192.0.2.2' });
  assert.deepEqual(play(['u'])[0].asking, { does: 'unban', target: '192.0.2.1' });
  assert.equal(play(['u', 'n'])[1], undefined);
  assert.deepEqual(play(['\u001b[B', 'u', 'y'])[1], { does: 'unban', target: '192.0.2.2' });
  assert.deepEqual(play(['q'])[1], { does: 'quit' });
  assert.deepEqual(press(emptyTop, 'u'), [emptyTop]);
});

test('drawTop() fits the terminal, and lets no text of a log steer it', () => {
  const hostile = {
    ...state,
    said: '',
    notices: [
      {
        kind: 'ban' as const,
        at: 0,
        title: '\u001b]0;x\u0007',
        lines: [],
        subject: 's',
        urgency: 'told' as const,
      },
    ],
  };
  for (const [rows, columns] of [
    [24, 80],
    [5, 20],
    [60, 200],
  ] as const) {
    const lines = drawTop(hostile, rows, columns, 0);
    assert.equal(lines.length, rows);
    assert.ok(lines.every(({ text }) => text.length <= columns));
    assert.ok(!lines.some(({ text }) => text.includes('\u001b')));
  }
  const chosen = drawTop(hostile, 24, 80, 0).find(({ look }) => look === 'chosen');
  assert.match(chosen?.text ?? '', /^> 192\.0\.2\.1 +relay +1m  1$/);
  const facts = {
    address: '192.0.2.1',
    bans: [],
    isBanned: true,
    leavesMail: false,
    said: ['x'.repeat(200)],
    sightings: [],
    needed: 9,
  };
  const explained = drawTop({ ...state, address: facts }, 24, 80, 0).map(({ text }) => text);
  assert.equal(explained.join('').match(/x/g)?.length, 200, 'nothing is cut off');
  assert.ok(explained.at(-1)?.startsWith('u: unban'));
});
