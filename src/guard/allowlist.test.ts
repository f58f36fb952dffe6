import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type Address, parseAddress } from '../base/address.ts';
import { addressWords } from '../base/address-words.ts';
import { covers, networkOf, overlap, parseNetwork } from '../base/network.ts';
import { Allowlist } from './allowlist.ts';

const networks = (...texts: string[]) => texts.flatMap((text) => parseNetwork(text) ?? []);

test('Allowlist.has() knows addresses, networks of both families, and loopback', () => {
  const list = new Allowlist(
    ['192.0.2.25' as Address],
    networks('198.51.100.0/24', '2001:db8:1::/48', '::ffff:203.0.113.0/120', '10.1.2.3'),
  );
  for (const [address, expected] of [
    ['192.0.2.25', true],
    ['192.0.2.26', false],
    ['198.51.100.0', true],
    ['198.51.100.255', true],
    ['198.51.101.0', false],
    ['2001:db8:1:ffff::1', true],
    ['2001:db8:2::1', false],
    ['203.0.113.77', true],
    ['203.0.114.1', false],
    ['10.1.2.3', true],
    ['127.0.0.1', true],
    ['127.255.0.1', true],
    ['128.0.0.1', false],
    ['::1', true],
    ['::2', false],
  ] as const)
    assert.equal(list.has(address as Address), expected, address);
  assert.equal(list.has(parseAddress('::ffff:198.51.100.7') as Address), true);
});

test('Allowlist.overlaps() sees a network on either side of one of its own', () => {
  const list = new Allowlist([], networks('2001:db8:1::/48', '198.51.100.0/24'));
  for (const [text, expected] of [
    ['2001:db8::/32', true],
    ['2001:db8:1:2::/64', true],
    ['2001:db8:2::/48', false],
    ['198.51.100.7', true],
    ['198.51.101.0/24', false],
    ['::/0', true],
  ] as const)
    assert.equal(list.overlaps(...(networks(text) as [ReturnType<typeof networkOf>])), expected, text);
});

test('Allowlist answers as a look at each network does', () => {
  const address = fc
    .oneof(fc.ipV4(), fc.ipV6())
    .map((text) => parseAddress(text))
    .filter((one) => one !== undefined);
  const network = fc
    .tuple(address, fc.integer({ min: 1, max: 128 }))
    .map(([one, bits]) => networkOf(one, bits));
  fc.assert(
    fc.property(fc.array(network, { maxLength: 20 }), address, network, (list, one, other) => {
      const all = [...list, ...networks('127.0.0.0/8', '::1')];
      const allowlist = new Allowlist([], list);
      assert.equal(
        allowlist.has(one),
        all.some((each) => covers(each, addressWords(one))),
      );
      assert.equal(
        allowlist.overlaps(other),
        all.some((each) => overlap(each, other)),
      );
    }),
  );
});
