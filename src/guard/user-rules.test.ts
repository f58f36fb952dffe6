import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readSettings } from '../base/settings-text.ts';
import { logContext } from '../exim/log-context.ts';
import { parseLogLine } from '../exim/log-line.ts';
import { compileHostPattern } from './pattern.ts';
import { guardSection } from './settings.ts';
import { sightingsBy } from './sighting.ts';
import { userRules } from './user-rules.ts';

function rules(text: string): ReturnType<typeof userRules> {
  const settings = readSettings(text, 'file', [guardSection]);
  assert.ok(settings.ok, settings.ok ? '' : settings.problems[0].message);
  return userRules(settings.value);
}

test('a rule on an event holds where all its conditions do', () => {
  const read = rules(`
[[guard.rule]]
name = "holiday"
event = "rejected"
where = ["phase = RCPT", "text ~ ^gone (?:away|fishing)", "temporary != true", "argument !~ ^<boss@"]
kind = "harvest"
times = 3
`);
  assert.ok(read.ok);
  const see = sightingsBy(read.value.events);
  const context = logContext({ timeZone: 'UTC' });
  const kindOf = (rest: string): unknown => {
    const line = `2026-11-23 09:00:00 H=(x) [198.18.0.9] F=<a@b.example> ${rest}`;
    const sighting = see(parseLogLine(line, context), line);
    return sighting === undefined ? undefined : [sighting.kind, sighting.address, sighting.times];
  };
  assert.deepEqual(kindOf('rejected RCPT <x@c.test>: gone fishing'), ['harvest', '198.18.0.9', 3]);
  assert.equal(kindOf('rejected RCPT <x@c.test>: gone mad'), undefined);
  assert.equal(kindOf('rejected RCPT <boss@c.test>: gone away'), undefined);
  assert.equal(kindOf('temporarily rejected RCPT <x@c.test>: gone away'), undefined);
  assert.equal(kindOf('rejected MAIL <x@c.test>: gone away'), undefined);
});

test('what is wrong with a rule is told with its line', () => {
  const begin = '[[guard.rule]]\nname = "r"\n';
  for (const [text, message] of [
    ['[[guard.rule]]\nevent = "rejected"', /line 1.*needs a name/],
    [begin, /needs either event, or log and pattern/],
    [`${begin}event = "rejected"\nlog = "/x"`, /needs either event/],
    [`${begin}event = "rejection"`, /needs a kind of event: "rejection" is none/],
    [`${begin}event = "rejected"\nwhere = ["text"]`, /needs to be FIELD = TEXT/],
    [`${begin}event = "rejected"\nwhere = ["text ~ (?=x)"]`, /cannot look ahead or behind/],
    [`${begin}log = "/x"\npattern = "<HOST> failed"`, /needs to begin with \^/],
  ] as const) {
    const read = rules(text);
    assert.ok(!read.ok, text);
    assert.match(read.problem.message, message);
  }
});

test("the manual's example is not led astray by what a client calls itself", () => {
  const manual = readFileSync(new URL('../../docs/man/portreeve.toml.5.md', import.meta.url), 'utf8');
  const [, pattern = ''] = /^pattern = '(.*sshd.*)'$/m.exec(manual) ?? [];
  const find = compileHostPattern(pattern);
  assert.ok(find.ok, pattern);
  const line = (user: string): string =>
    `2026-11-25T01:00:00.000000+00:00 mx sshd[1]: Failed password for ${user} from 198.18.0.1 port 22 ssh2`;
  for (const user of [
    'root',
    'invalid user x',
    'x from 8.8.8.8 port 1 ssh2',
    'x from 8.8.8.8 port 1 ssh2\\n',
  ])
    assert.equal(find.value(line(user)), '198.18.0.1', user);
  assert.equal(find.value(`${line('root')} from 8.8.8.8 port 1`), undefined);
});

test('compileHostPattern() takes the address alone, in linear time, and refuses what RE2 cannot', () => {
  const find = compileHostPattern(
    '^[^ ]+ sshd\\[\\d+\\]: Failed password for (?:invalid user )?.* from <HOST> port',
  );
  assert.ok(find.ok);
  assert.equal(find.value('x sshd[1]: Failed password for root from 198.18.0.1 port 22'), '198.18.0.1');
  assert.equal(find.value('x sshd[1]: Failed password for root from [2001:db8::1] port 22'), '2001:db8::1');
  assert.equal(find.value('x sshd[1]: Failed password for root from 198.18.0.999 port 22'), undefined);
  assert.equal(find.value('x cron[1]: Failed password for root from 198.18.0.1 port 22'), undefined);
  const slow = compileHostPattern('^(a+)+b <HOST>');
  assert.ok(slow.ok);
  const start = performance.now();
  assert.equal(slow.value(`${'a'.repeat(5000)} 198.18.0.1`), undefined);
  assert.ok(performance.now() - start < 5000);
  for (const [pattern, message] of [
    ['^no host', /needs <HOST> once: it stands there never/],
    ['^<HOST> <HOST>', /several times/],
    ['^(?=x)<HOST>', /cannot look ahead or behind/],
    ['^(a)\\1 <HOST>', /cannot refer back/],
    ['^(?>a) <HOST>', /atomic or possessive/],
    ['^a++ <HOST>', /atomic or possessive/],
    ['^(?(1)a|b) <HOST>', /choose by a group/],
    ['^( <HOST>', /is no regular expression of RE2/],
  ] as const) {
    const refused = compileHostPattern(pattern);
    assert.ok(!refused.ok, pattern);
    assert.match(refused.problem.message, message);
  }
});
