import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowsMx, readStsPolicy, stsRecordId } from './mta-sts.ts';

test('a policy is read as senders read it', () => {
  const good =
    'version: STSv1\r\nmode: enforce\r\nmx: mx.example\r\nmx: *.example.net\r\nmax_age: 604800\r\n';
  const read = readStsPolicy(good);
  assert.ok(read.ok);
  assert.deepEqual(read.value, { mode: 'enforce', mx: ['mx.example', '*.example.net'], maxAge: 604_800 });
  for (const [text, words] of [
    [good.replace('STSv1', 'STSv2'), /version/],
    [good.replace('enforce', 'always'), /no mode/],
    [good.replace('604800', '99999999999'), /max_age/],
    [good.replace('604800', '-1'), /max_age/],
    [good.replace(/mx:.*\r\n/g, ''), /no mx/],
    ['<html>not found</html>', /line that is none/],
    ['', /version/],
  ] as const) {
    const refused = readStsPolicy(text);
    assert.ok(!refused.ok, text);
    assert.match(refused.problem.message, words);
  }
  assert.ok(readStsPolicy('version: STSv1\nmode: none\nmax_age: 60\n').ok);
});

test('a star stands for one label', () => {
  const policy = { mode: 'enforce', mx: ['mx.example', '*.example.net'], maxAge: 1 } as const;
  for (const [host, allowed] of [
    ['mx.example', true],
    ['MX.Example.', true],
    ['a.example.net', true],
    ['a.b.example.net', false],
    ['example.net', false],
    ['evil.example', false],
  ] as const) {
    assert.equal(allowsMx(policy, host), allowed, host);
  }
});

test('one record, with an id', () => {
  for (const [texts, id] of [
    [['v=STSv1; id=20261124;'], '20261124'],
    [['v=spf1 -all', 'v=STSv1;id=a'], 'a'],
    [['v=STSv1; id=a', 'v=STSv1; id=b'], undefined],
    [['v=STSv1'], undefined],
    [['v=STSv10; id=a'], undefined],
    [[], undefined],
  ] as const) {
    assert.equal(stsRecordId(texts), id);
  }
});
