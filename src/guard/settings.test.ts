import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { writeSetting } from '../base/setting.ts';
import { guardSettings, readGuardSettings } from './settings.ts';

test('readGuardSettings() reads what a person sets over the defaults', () => {
  const read = readGuardSettings([
    'guard.flood.bantime=2h',
    ' guard.credential.repetition = 0.5',
    'guard.flood.bantime=3h',
  ]);
  assert.ok(read.ok);
  assert.equal(read.value.get('guard.flood.bantime'), 3 * 3_600_000);
  assert.equal(read.value.get('guard.credential.repetition'), 0.5);
  assert.equal(read.value.get('guard.relay.maxretry'), 3);
});

test('readGuardSettings() says what is wrong', () => {
  for (const [assignment, message, hint] of [
    ['guard.flood.bantime', /needs NAME=VALUE/, /guard\.flood\.bantime=2h/],
    ['guard.flud.bantime=2h', /"guard\.flud\.bantime".*there is none/, /guard\.flood\.maxretry/],
    ['nonsense=1', /there is none/, /begin with guard\./],
    [
      'guard.flood.bantime=soon',
      /cannot set guard\.flood\.bantime: needs a duration.*"soon"/,
      /the first ban for flood/,
    ],
    ['guard.flood.bantime=0', /needs 1s to 52w: "0"/, /default: 30m/],
    ['guard.flood.maxretry=0', /needs 1 to 200: "0"/, /default: 3/],
    ['guard.flood.maxretry=-1', /needs a number: "-1"/, /default: 3/],
    ['guard.flood.maxretry=1e3', /needs a number: "1e3"/, /default: 3/],
  ] as const) {
    const read = readGuardSettings([assignment]);
    assert.ok(!read.ok, assignment);
    assert.match(read.problem.message, message);
    assert.match(read.problem.hint ?? '', hint);
  }
});

test('guardSettings have each a name of its own, and a default within its bounds', () => {
  assert.equal(new Set(guardSettings.map(({ name }) => name)).size, guardSettings.length);
  for (const { name, least, most, default: standard, says } of guardSettings) {
    assert.ok(standard >= least && standard <= most, name);
    assert.ok(says.length > 10, name);
  }
});

test('guardSettings stand in the manual, with their defaults and what they do', () => {
  const manual = readFileSync(new URL('../../docs/man/portreeve.1.md', import.meta.url), 'utf8');
  const section = /^## GUARD SETTINGS$([\s\S]*?)^## /m.exec(manual)?.[1] ?? '';
  const shown = [...section.matchAll(/^\*\*(guard\.\S+)\*\* \((.+)\)\n: (.+)\.$/gm)].map(([, ...row]) => row);
  const declared = guardSettings.map((setting) => [
    setting.name,
    writeSetting(setting, setting.default),
    `${setting.says.charAt(0).toUpperCase()}${setting.says.slice(1)}`,
  ]);
  assert.deepEqual(shown, declared);
});
