import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings, guardSection } from './settings.ts';

test('a setting of the guard is set over its default', () => {
  const read = defaultSettings.with([
    'guard.flood.bantime=2h',
    ' guard.credential.repetition = 0.5',
    'guard.flood.bantime=3h',
  ]);
  assert.ok(read.ok);
  assert.equal(read.value.duration('guard.flood.bantime'), 3 * 3_600_000);
  assert.equal(read.value.number('guard.credential.repetition'), 0.5);
  assert.equal(read.value.number('guard.relay.maxretry'), 3);
});

test('what is wrong with an assignment is said', () => {
  for (const [assignment, message, hint] of [
    ['guard.flood.bantime', /needs NAME=VALUE/, /guard\.flood\.bantime=2h/],
    [
      'guard.flud.bantime=2h',
      /"guard\.flud\.bantime".*there is none/,
      /did you mean guard\.flood\.bantime\?/,
    ],
    ['nonsense=1', /there is none/, /portreeve settings lists/],
    [
      'guard.flood.bantime=soon',
      /cannot set guard\.flood\.bantime: needs a duration.*"soon"/,
      /the first ban for flood/,
    ],
    ['guard.flood.bantime=0', /needs 1s to 52w: "0"/, /default: 30m/],
    ['guard.flood.maxretry=0', /needs 1 to 200: "0"/, /default: 3/],
    ['guard.flood.maxretry=-1', /needs a number: "-1"/, /default: 3/],
    ['guard.flood.maxretry=1e3', /needs a number: "1e3"/, /default: 3/],
    ['guard.widening.ipv4=perhaps', /needs yes or no: "perhaps"/, /default: no/],
  ] as const) {
    const read = defaultSettings.with([assignment]);
    assert.ok(!read.ok, assignment);
    assert.match(read.problem.message, message);
    assert.match(read.problem.hint ?? '', hint);
  }
});

test('settings of the guard have each a name of its own, and a default within its bounds', () => {
  const { settings } = guardSection;
  assert.equal(new Set(settings.map(({ name }) => name)).size, settings.length);
  for (const setting of settings) {
    const { name, says } = setting;
    assert.ok(name.startsWith('guard.'), name);
    assert.ok(says.length > 10, name);
    if (setting.type === 'text' || setting.type === 'list') continue;
    assert.ok(setting.default >= setting.least && setting.default <= setting.most, name);
  }
});
