import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  choiceSetting,
  durationSetting,
  listSetting,
  numberSetting,
  readSetting,
  switchSetting,
  textSetting,
  writeSetting,
} from './setting.ts';
import type { SettingsSection } from './settings.ts';
import { readSettings } from './settings-text.ts';

const day = 86_400_000;
const section: SettingsSection = {
  name: 'gate',
  says: 'how the gate is kept',
  settings: [
    durationSetting('gate.shut.for', { least: 1000, most: day, default: 60_000 }, 'how long it stays shut'),
    numberSetting('gate.keepers', { least: 1, most: 9, default: 2 }, 'how many keep it'),
    switchSetting('gate.barred', false, 'whether it is barred'),
    textSetting('gate.name', '', 'what it is called'),
    choiceSetting('gate.side', ['north', 'south'], 'north', 'where it is'),
    listSetting('gate.friends', [], 'who need not knock'),
  ],
  tables: [
    {
      name: 'gate.rule',
      says: 'one rule of the house',
      fields: [
        textSetting('name', '', 'what it is called'),
        durationSetting('for', { least: 0, most: day, default: 1000 }, 'how long'),
      ],
    },
  ],
};
const read = (text: string) => readSettings(text, 'file.toml', [section]);

test('readSettings() takes what the file sets, and the defaults of the rest', () => {
  const { value } = read(`
# A comment.
[gate]
keepers = 3
barred = true
friends = [
  "ann",   # her first
  "bob",
]
[gate.shut]
for = "1h30m"
[[gate.rule]]
name = "one"
[[gate.rule]]
name = "two"
for = 90
`) as Extract<ReturnType<typeof read>, { ok: true }>;
  assert.equal(value.number('gate.keepers'), 3);
  assert.equal(value.isOn('gate.barred'), true);
  assert.equal(value.duration('gate.shut.for'), 5_400_000);
  assert.equal(value.text('gate.side'), 'north');
  assert.deepEqual(value.list('gate.friends'), ['ann', 'bob']);
  assert.deepEqual(
    value.tables('gate.rule').map(({ values, line }) => [values.get('name'), values.get('for'), line]),
    [
      ['one', 1000, 12],
      ['two', 90_000, 14],
    ],
  );
  assert.ok(value.isSet('gate.keepers') && !value.isSet('gate.name'));
  assert.throws(() => value.number('gate.name'), /no number setting/);
  assert.throws(() => value.text('gate.nome'), /no text setting/);
});

test('readSettings() tells each problem with its line, and the nearest name', () => {
  for (const [text, message, hint] of [
    [
      '[gate]\nkeeper = 3',
      /^file\.toml line 2: .*"gate\.keeper".*no such setting/,
      /did you mean gate\.keepers\?/,
    ],
    ['\n[gaet]\nkeepers = 3', /line 2: .*"gaet"/, /did you mean gate\?/],
    ['gate.keepers = 0', /line 1: cannot set gate\.keepers: needs 1 to 9: 0$/, /how many keep it/],
    ['[gate]\nkeepers = "2"', /needs a number: "2"/, /default: 2/],
    ['[gate]\nbarred = "yes"', /needs true or false/, /default: no/],
    ['[gate.shut]\nfor = "soon"', /line 2: cannot set gate\.shut\.for: needs a duration/, /default: 1m/],
    ['[gate.shut]\nfor = 1.5', /needs a duration.*1\.5/, /default: 1m/],
    ['[gate]\nside = "up"', /needs one of north, south: "up"/, /default: north/],
    ['[gate]\nfriends = ["ann", 3]', /needs a list of texts/, /default: none/],
    ['[gate]\nname = "a\\u001bb"', /none of control/, /what it is called/],
    ['[gate]\nshut = 3', /line 2: .*"gate\.shut": it needs a table/, /lists them all/],
    ['[gate]\nrule = 3', /line 2: .*needs \[\[gate\.rule\]\] tables/, /$/],
    [
      '[[gate.rule]]\nname = "x"\n[[gate.rule]]\nnane = "y"',
      /line 4: .*it has no "nane"/,
      /did you mean name\?/,
    ],
    ['[gate]\nkeepers = 2\nfriends = [\n"a",\n4\n]', /line 3: .*list of texts/, /default/],
    ['[gate]\nname = """\nkeepers\n"""\nkeepers = 77', /control|line 5/, /./],
    ['[gate]\nkeepers = 1979-05-27', /needs a number/, /./],
  ] as const) {
    const refused = read(text);
    assert.ok(!refused.ok, text);
    const [problem] = refused.problems;
    assert.equal(problem.kind, 'configuration');
    assert.match(problem.message, message);
    assert.match(problem.hint ?? '', hint);
  }
});

test('readSettings() tells all problems, and where the file is no TOML', () => {
  const several = read('[gate]\nkeepers = 0\nfoo = 1\n[gate.shut]\nfor = "x"');
  assert.deepEqual(several.ok ? [] : several.problems.map(({ message }) => /line (\d)/.exec(message)?.[1]), [
    '2',
    '3',
    '5',
  ]);
  for (const text of ['[gate\nx', 'a = ', '[gate]\nkeepers = 1\nkeepers = 2', '__proto__ = 1', '\0']) {
    const refused = read(text);
    assert.ok(!refused.ok, text);
    assert.match(refused.problems[0].message, /line \d+/);
  }
});

test('what writeSetting() writes, readSetting() reads', () => {
  for (const setting of section.settings) {
    fc.assert(
      fc.property(fc.nat({ max: day }), fc.array(fc.stringMatching(/^[a-z]{1,8}$/)), (count, words) => {
        const value =
          setting.type === 'list'
            ? words
            : setting.type === 'text'
              ? setting.form === undefined
                ? (words[0] ?? '')
                : 'south'
              : Math.min(setting.most, Math.max(setting.least, count));
        const again = readSetting(setting, writeSetting(setting, value));
        assert.deepEqual(again.ok && again.value, value);
      }),
      { numRuns: 50 },
    );
  }
});
