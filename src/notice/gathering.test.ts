import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, constantFrom, integer, property, record } from 'fast-check';
import { type Decided, gather, type Gathering, nothingGathered, type Rules } from './gathering.ts';
import { type Notice, noticeKinds } from './notice.ts';

const hour = 3_600_000;
const rules: Rules = { groupMs: 30_000, mostPerHour: 3, loud: new Set(['starttls']), kinds: new Set() };
const day = 12 * 60;

function notice(more: Partial<Notice> = {}): Notice {
  return { kind: 'drift', at: 0, title: 'drift', lines: [], subject: '/etc', urgency: 'needed', ...more };
}

function play(state: Gathering, notices: readonly Notice[], now: number, by: Rules = rules): Decided {
  let decided: Decided = { state };
  for (const one of notices) decided = gather(decided.state, one, now, by, day);
  return decided;
}

test('gather() waits for more, and tells all in one message', () => {
  const first = gather(nothingGathered, notice(), 1000, rules, day);
  assert.equal(first.message, undefined);
  assert.equal(first.wakeAt, 31_000);
  const second = gather(first.state, notice({ kind: 'starttls', subject: 'port 25' }), 5000, rules, day);
  assert.equal(second.wakeAt, 31_000, 'the first one counts');
  const told = gather(second.state, undefined, 31_000, rules, day);
  assert.deepEqual(
    told.message?.notices.map(({ kind }) => kind),
    ['drift', 'starttls'],
  );
  assert.equal(gather(told.state, undefined, 99_000, rules, day).message, undefined, 'once');
});

test('gather() tells the last word of a story', () => {
  const told = gather(
    play(nothingGathered, [notice({ title: 'one' }), notice({ title: 'two' })], 0).state,
    undefined,
    30_000,
    rules,
    day,
  );
  assert.deepEqual(
    told.message?.notices.map(({ title }) => title),
    ['two'],
  );
});

test('gather() tells bans with the attack that they belong to, and not by themselves', () => {
  const bans = Array.from({ length: 5000 }, (_, place) =>
    notice({ kind: 'ban', title: `ban ${place}`, subject: `${place}`, urgency: 'told' }),
  );
  const quiet = play(nothingGathered, bans, 0);
  assert.equal(quiet.wakeAt, undefined);
  const begun = gather(
    quiet.state,
    notice({ kind: 'attack', subject: 'slots', urgency: 'told' }),
    0,
    rules,
    day,
  );
  const told = gather(begun.state, undefined, 30_000, rules, day);
  assert.equal(told.message?.notices.length, 1);
  assert.equal(told.message.bans, 5000);
  assert.equal(told.message.culprits.length, 20);
  const wanted = play(nothingGathered, bans, 0, { ...rules, kinds: new Set(['ban']) });
  assert.equal(wanted.state.waiting.length, 50, 'and where they are asked for, not without end');
  assert.equal(wanted.state.more, 4950);
});

test('gather() keeps to its rate, and tells the rest later', () => {
  let state = nothingGathered;
  const sent: number[] = [];
  for (let now = 0; now < 3 * hour; now += 10_000) {
    const decided = gather(state, notice({ subject: String(now) }), now, rules, day);
    state = decided.state;
    if (decided.message !== undefined) sent.push(now);
  }
  for (const at of sent)
    assert.ok(sent.filter((other) => other > at - hour && other <= at).length <= 3, String(at));
  assert.ok(sent.length >= 9);
});

test('gather() is quiet in quiet hours, but for what cannot wait', () => {
  const night: Rules = { ...rules, quiet: { from: 22 * 60, to: 7 * 60 } };
  const both = play(
    nothingGathered,
    [notice(), notice({ kind: 'starttls', subject: 'port 25' })],
    0,
    night,
  ).state;
  for (const minute of [22 * 60, 23 * 60, 0, 6 * 60 + 59]) {
    const told = gather(both, undefined, 30_000, night, minute);
    assert.deepEqual(
      told.message?.notices.map(({ kind }) => kind),
      ['starttls'],
      String(minute),
    );
    const morning = gather(told.state, undefined, 70_000, night, 7 * 60);
    assert.deepEqual(
      morning.message?.notices.map(({ kind }) => kind),
      ['drift'],
    );
  }
  assert.equal(gather(both, undefined, 30_000, night, day).message?.notices.length, 2);
});

test('gather() is bounded, whatever comes', () => {
  const step = record({
    kind: constantFrom(...noticeKinds),
    subject: integer({ min: 0, max: 200 }).map(String),
    wait: integer({ min: 0, max: 600_000 }),
  });
  check(
    property(array(step, { maxLength: 300 }), (steps) => {
      let state = nothingGathered;
      let now = 0;
      for (const { kind, subject, wait } of steps) {
        now += wait;
        const decided = gather(state, notice({ kind, subject }), now, rules, day);
        state = decided.state;
        assert.ok(state.waiting.length <= 50 && state.culprits.length <= 20 && state.sent.length <= 3);
        assert.ok(state.waiting.length === 0 || decided.wakeAt !== undefined, 'whatever waits is woken for');
      }
    }),
  );
});
