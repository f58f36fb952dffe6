// fail2ban's INI dialect, merged and interpolated: each rule by an example.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Configuration } from './configuration.ts';
import { filterDefinition, resolveFilter } from './filter-definition.ts';
import { parseIni } from './ini-text.ts';
import { readNamed, splitNamed } from './option-list.ts';
import { readConfiguration } from './read-configuration.ts';

function configuration(...texts: string[]): Configuration {
  return new Configuration(
    texts.map((text, place) => {
      const parsed = parseIni(text, `f${place}.conf`);
      assert.ok(parsed.ok);
      return parsed.value;
    }),
  );
}

const values: [name: string, texts: string[], option: string, value: string | undefined][] = [
  ['a continuation line', ['[s]\na = 1\n  2\n\n  3\n'], 'a', '1\n2\n\n3'],
  ['comments', ['# x\n[s]\na = 1 ; rest\n  # no part\n  2;3\n; y\n'], 'a', '1\n2;3'],
  ['a colon, any case', ['[s]\nAbC: x = y\n'], 'abc', 'x = y'],
  ['a default', ['[DEFAULT]\na = 1\n[s]\nb = %(a)s%%\n'], 'b', '1%'],
  ['another section', ['[o]\nx = 5\n[s]\na = %(o/x)s\n'], 'a', '5'],
  ['what is known', ['[s]\na = 1\n', '[s]\na = %(known/a)s2\n'], 'a', '12'],
  ['the own name', ['[s]\na = <%(__name__)s>\n'], 'a', '<s>'],
  ['a later file', ['[s]\na = 1\n', '[s]\na = 2\n'], 'a', '2'],
  ['a section under a condition', ['[s]\na = 1\n[s?family=inet6]\na = 6\n'], 'a?family=inet6', '6'],
  ['what is not there', ['[s]\na = 1\n'], 'b', undefined],
];

for (const [name, texts, option, value] of values) {
  test(`a value: ${name}`, () => {
    assert.deepEqual(configuration(...texts).get('s', option), { ok: true, value });
  });
}

const broken: [name: string, text: string, says: RegExp][] = [
  ['no section', 'a = 1\n', /f.conf, line 1: needs a \[section\]/],
  ['no value', '[s]\nnonsense\n', /f.conf, line 2: needs name = value/],
  ['twice', '[s]\na = 1\nA = 2\n', /f.conf, line 3: needs each option once.*: a/],
  ['a section twice', '[s]\n[s]\n', /f.conf, line 2: needs each section once: s/],
];

for (const [name, text, says] of broken) {
  test(`a file with ${name} is refused`, () => {
    const parsed = parseIni(text, 'f.conf');
    assert.ok(!parsed.ok);
    assert.match(parsed.problem.message, says);
  });
}

const circles: [text: string, says: RegExp][] = [
  ['[s]\nb = x\na = %(a)s\n', /f0.conf, line 3: option a of \[s\]: needs names that do not go round/],
  ['[s]\na = %(nobody)s\n', /f0.conf, line 2: .*needs a name that is defined: %\(nobody\)s/],
  ['[s]\na = 100%\n', /f0.conf, line 2: .*needs %% for a percent sign/],
];

for (const [text, says] of circles) {
  test(`${JSON.stringify(text)} has no value`, () => {
    const value = configuration(text).get('s', 'a');
    assert.ok(!value.ok);
    assert.match(value.problem.message, says);
  });
}

test('tags: options in options, given ones first', () => {
  const made = configuration(
    '[DEFAULT]\nport = 1\n[lt_file]\nprefix = F\n[Definition]\nfailregex = <rule-<mode>> <lt_<logtype>/prefix> <HOST>\n' +
      'rule-normal = n\nrule-more = <rule-normal>m\n[Init]\nmode = normal\nlogtype = file\nmaxlines = 3\n',
  );
  const regex = (options: Record<string, string>): unknown => {
    const resolved = resolveFilter({ configuration: made, options: new Map(Object.entries(options)) });
    assert.ok(resolved.ok);
    const definition = filterDefinition(resolved.value);
    assert.ok(definition.ok);
    return [definition.value.failregex, definition.value.maxlines];
  };
  assert.deepEqual(regex({}), [['n F <HOST>'], 3]);
  assert.deepEqual(regex({ mode: 'more' }), [['nm F <HOST>'], 3]);
  assert.deepEqual(regex({ failregex: '<known/mode>' }), [['normal'], 3]);
});

test('tags that go round are refused', () => {
  const made = configuration('[Definition]\nfailregex = <a>\na = <b>\nb = <a>x\n');
  const resolved = resolveFilter({ configuration: made, options: new Map() });
  assert.ok(!resolved.ok);
  assert.match(resolved.problem.message, /needs tags that do not refer to themselves/);
});

test('options in brackets', () => {
  const read = readNamed('sshd[mode=aggressive, port="22,2222"][x=\'a]b\']');
  assert.deepEqual(read, {
    ok: true,
    value: {
      name: 'sshd',
      options: new Map([
        ['mode', 'aggressive'],
        ['port', '22,2222'],
        ['x', 'a]b'],
      ]),
    },
  });
  assert.equal(readNamed('sshd[mode]').ok, false);
  assert.deepEqual(splitNamed('a[b="c d",\n e=f]\n g'), ['a[b="c d",\n e=f]', 'g']);
});

test('files: .conf, .d, .local, and what they include', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-fail2ban-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string | Buffer): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write('jail.conf', '[INCLUDES]\nbefore = paths.conf\n[s]\na = conf %(p)s\n');
  write('paths.conf', '[DEFAULT]\np = P\n');
  write('paths.local', '[DEFAULT]\np = L\n');
  write('jail.d/20.conf', '[s]\nb = 20\n');
  write('jail.d/10.conf', '[s]\nb = 10\n');
  write('jail.local', '[s]\nb = %(known/b)s local\n');
  const read = await readConfiguration(folder, 'jail');
  assert.ok(read.ok && read.value !== undefined);
  assert.deepEqual(read.value.get('s', 'a'), { ok: true, value: 'conf L' });
  assert.deepEqual(read.value.get('s', 'b'), { ok: true, value: '20 local' });
  assert.deepEqual(await readConfiguration(folder, 'nothing'), { ok: true, value: undefined });

  write('round.conf', '[INCLUDES]\nafter = other.conf\n');
  write('other.conf', '[INCLUDES]\nafter = round.conf\n');
  const round = await readConfiguration(folder, 'round');
  assert.ok(!round.ok);
  assert.match(
    round.problem.message,
    /needs includes without a loop: .*round.conf includes .*other.conf includes .*round.conf/,
  );

  write('latin.conf', Buffer.from('[s]\na = gr\xfc\xdfe\n', 'latin1'));
  const latin = await readConfiguration(folder, 'latin');
  assert.ok(!latin.ok);
  assert.match(latin.problem.message, /latin.conf, line 2: needs UTF-8/);
});
