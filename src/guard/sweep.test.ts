import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from './settings.ts';
import { candidatesOf, isOnFrontier } from './sweep.ts';

test('candidatesOf() makes every combination, over what is set', () => {
  const set = defaultSettings.with(['guard.flood.maxretry=7', 'guard.relay.maxretry=9']);
  assert.ok(set.ok);
  const made = candidatesOf(['guard.relay.maxretry=2,3', 'guard.relay.bantime=1h,2h'], set.value);
  assert.ok(made.ok);
  assert.deepEqual(
    made.value.map(({ assignments, settings }) => [
      assignments.join(' '),
      settings.number('guard.relay.maxretry'),
      settings.number('guard.flood.maxretry'),
    ]),
    [
      ['guard.relay.maxretry=2 guard.relay.bantime=1h', 2, 7],
      ['guard.relay.maxretry=2 guard.relay.bantime=2h', 2, 7],
      ['guard.relay.maxretry=3 guard.relay.bantime=1h', 3, 7],
      ['guard.relay.maxretry=3 guard.relay.bantime=2h', 3, 7],
    ],
  );
  const none = candidatesOf([], defaultSettings);
  assert.ok(none.ok && none.value.length === 1);
});

test('candidatesOf() says what is wrong', () => {
  const many = Array.from({ length: 9 }, (_, value) => value + 1).join(',');
  for (const [sweeps, message] of [
    [['guard.relay.maxretry'], /there is no =/],
    [['guard.relay.maxretry=2,x'], /cannot set guard\.relay\.maxretry: needs a number: "x"/],
    [['guard.rely.maxretry=2'], /there is none such/],
    [
      [`guard.relay.maxretry=${many}`, `guard.flood.maxretry=${many}`],
      /at most 64 combinations: there are 81/,
    ],
  ] as const) {
    const made = candidatesOf(sweeps, defaultSettings);
    assert.ok(!made.ok);
    assert.match(made.problem.message, message);
  }
});

test('isOnFrontier() leaves out what another beats in both', () => {
  const all = [
    { prevented: 10, mailLost: 0 },
    { prevented: 20, mailLost: 1 },
    { prevented: 15, mailLost: 1 },
    { prevented: 20, mailLost: 5 },
    { prevented: 30, mailLost: 5 },
    { prevented: 10, mailLost: 0 },
  ];
  assert.deepEqual(
    all.map((one) => isOnFrontier(one, all)),
    [true, true, false, false, true, true],
  );
});
