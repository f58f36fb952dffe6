import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type Address, parseAddress } from './address.ts';
import { addressWords } from './address-words.ts';
import { covers, networkOf, overlap, parseNetwork } from './network.ts';

const network = (text: string) => {
  const parsed = parseNetwork(text);
  assert.ok(parsed !== undefined, text);
  return parsed;
};

test('parseNetwork() gives one spelling for one network', () => {
  for (const [text, canonical] of [
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1/24', '192.0.2.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.0.2.1/32', '192.0.2.1'],
    ['::ffff:10.1.2.3/104', '10.0.0.0/8'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:DB8:1:2:3::/64', '2001:db8:1:2::/64'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['::/0', '::/0'],
  ] as const) {
    assert.equal(network(text).text, canonical, text);
  }
});

test('parseNetwork() refuses what is no network', () => {
  for (const text of [
    '',
    '/',
    '192.0.2.0/',
    '192.0.2.0/33',
    '192.0.2.0/-1',
    '192.0.2.0/2 4',
    '::/129',
    '::ffff:1.2.3.4/90',
    'a/8',
    '10/8',
    '192.0.2.0/24/8',
  ])
    assert.equal(parseNetwork(text), undefined, text);
});

test('covers() holds what begins alike, and nothing else', () => {
  for (const [outer, inner, expected] of [
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '192.0.2.1', true],
    ['2001:db8::/61', '2001:db8:0:7::1', true],
    ['2001:db8::/61', '2001:db8:0:8::1', false],
    ['128.0.0.0/1', '200.1.1.1', true],
  ] as const) {
    assert.equal(covers(network(outer), addressWords(inner as Address)), expected, `${outer} ${inner}`);
  }
});

const addresses = fc
  .oneof(fc.ipV4(), fc.ipV6())
  .map((text) => parseAddress(text))
  .filter((one) => one !== undefined);

test('networks of every length: parsed as they are written, and hold their address', () => {
  fc.assert(
    fc.property(addresses, addresses, fc.nat(128), fc.nat(128), (one, other, bits, more) => {
      const made = networkOf(one, bits);
      assert.ok(covers(made, addressWords(one)));
      const isMapped = bits < 96 && covers(made, addressWords('0.0.0.0' as Address)) && bits > 0;
      if (!isMapped) assert.deepEqual(parseNetwork(made.text), made);
      const second = networkOf(other, more);
      assert.equal(overlap(made, second), overlap(second, made));
      assert.equal(overlap(made, second), covers(made, second.words) || covers(second, made.words));
      assert.equal(networkOf(one, 128).text, one);
    }),
  );
});
