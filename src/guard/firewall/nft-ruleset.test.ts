import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { networkOfWords, parseNetwork } from '../../base/network.ts';
import { callOf, keyOf, ruleCount, rulesetText, setOf, targetOf } from './nft-ruleset.ts';

const sets: readonly (readonly [string, string])[] = [
  ['192.0.2.1', 'banned4'],
  ['192.0.2.0/24', 'banned4_24'],
  ['0.0.0.0/0', 'banned4_0'],
  ['2001:db8::1', 'banned6'],
  ['2001:db8::/64', 'banned6_64'],
  ['::/0', 'banned6_0'],
];

test('setOf() names a set for each length', () => {
  for (const [text, set] of sets) {
    const network = parseNetwork(text);
    assert.ok(network !== undefined);
    assert.equal(setOf(network), set);
  }
});

test('targetOf() finds the network that keyOf() wrote', () => {
  const word = fc.integer({ min: -0x80000000, max: 0x7fffffff });
  const ipv6 = fc
    .tuple(word, word, word, word, fc.integer({ min: 0, max: 128 }))
    .map(([a, b, c, d, bits]) => networkOfWords([a, b, c, d], bits));
  const ipv4 = fc
    .tuple(word, fc.integer({ min: 96, max: 128 }))
    .map(([address, bits]) => networkOfWords([0, 0, 0xffff, address], bits));
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), (network) => {
      assert.deepEqual(targetOf(setOf(network), keyOf(network)), network);
    }),
  );
});

test('targetOf() leaves sets alone that are not of bans', () => {
  assert.equal(targetOf('shield4', [1]), undefined);
  assert.equal(targetOf('banned4', [1, 2]), undefined);
});

test('rulesetText() has a rule for each set, for the ports or for all', () => {
  const ruleset = { ports: [25, 587], most: 10, counters: false, backoff: false };
  const text = rulesetText(ruleset, ['banned4', 'banned6_60']);
  assert.match(text, /^add rule inet portreeve input tcp dport \{ 25, 587 \} ip saddr @banned4 drop$/m);
  assert.match(text, /ip6 saddr & ffff:ffff:ffff:fff0:: @banned6_60 drop$/m);
  assert.equal(ruleCount(ruleset, ['banned4', 'banned6_60']), 2);
  assert.doesNotMatch(rulesetText({ ...ruleset, ports: 'all' }, ['banned4']), /dport/);
  assert.match(rulesetText({ ...ruleset, ports: 'all but 25' }, ['banned4']), /tcp dport != 25 ip saddr/);
});

test('rulesetText() keeps away by rules of its own', () => {
  const ruleset = { ports: [25], most: 10, counters: false, backoff: true };
  const text = rulesetText(ruleset, ['banned4']);
  assert.match(text, /tcp flags & \(syn \| ack\) == syn ip saddr @backoff4 reject with tcp reset$/m);
  assert.match(
    text,
    /== syn ip6 saddr & ffff:ffff:ffff:ffff:: @backoff6 add @calls6 \{ ip6 saddr \. tcp sport \}$/m,
  );
  assert.equal(ruleCount(ruleset, ['banned4']), 5);
  assert.match(
    rulesetText({ ...ruleset, ports: 'all' }, ['banned4']),
    /backoff tcp dport \{ 25, 465, 587 \} .* reject/,
    'where bans hold for all ports too',
  );
});

test('callOf() reads the caller and its port', () => {
  const called = (...key: number[]) => {
    const call = callOf(key);
    return call && [call.from.text, call.port];
  };
  assert.deepEqual(called(0xc0000201 | 0, 0xabcd0000 | 0), ['192.0.2.1', 0xabcd]);
  assert.deepEqual(called(0x20010db8, 0, 0, 1, 0x00190000), ['2001:db8::1', 25]);
  assert.equal(called(1), undefined);
});
