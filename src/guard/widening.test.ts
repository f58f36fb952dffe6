import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type Address, parseAddress } from '../base/address.ts';
import { addressWords } from '../base/address-words.ts';
import { covers, networkOf, parseNetwork } from '../base/network.ts';
import { Allowlist } from './allowlist.ts';
import { Widening } from './widening.ts';

const rule = { several: 3, window: 3_600_000, shortest: 48, ipv4: false };
const nobody = new Allowlist([]);

function answers(widening: Widening, addresses: readonly string[], step = 1000): (string | undefined)[] {
  return addresses.map((address, place) => widening.offend(address as Address, place * step)?.text);
}

test('Widening bans a /64 when three of its addresses offend', () => {
  const widening = new Widening(rule, nobody);
  assert.deepEqual(
    answers(widening, ['2001:db8::1', '2001:db8::1', '2001:db8::2', '2001:db8:0:1::3', '2001:db8::4']),
    [undefined, undefined, undefined, undefined, '2001:db8::/64'],
  );
});

test('Widening goes on by nibbles, down to its shortest prefix', () => {
  const widening = new Widening(rule, nobody);
  const seen = new Set<string>();
  for (let customer = 0; customer < 0x1000; customer += 1)
    for (let host = 1; host <= 3; host += 1) {
      const found = widening.offend(
        parseAddress(`2001:db8:0:${customer.toString(16)}::${host}`) as Address,
        0,
      );
      if (found !== undefined) seen.add(found.text.replace(/.*\//, '/'));
    }
  assert.deepEqual([...seen], ['/64', '/60', '/56', '/52']);
});

test('Widening leaves IPv4 alone unless it is set', () => {
  const peers = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
  assert.deepEqual(answers(new Widening(rule, nobody), peers), [undefined, undefined, undefined]);
  assert.deepEqual(answers(new Widening({ ...rule, ipv4: true }, nobody), peers), [
    undefined,
    undefined,
    '192.0.2.0/24',
  ]);
  assert.deepEqual(answers(new Widening({ ...rule, several: 0, ipv4: true }, nobody), peers), [
    undefined,
    undefined,
    undefined,
  ]);
});

test('Widening forgets what is older than its window', () => {
  const widening = new Widening(rule, nobody);
  const peers = Array.from({ length: 20 }, (_, host) => `2001:db8::${host + 1}`);
  assert.ok(answers(widening, peers, rule.window / 2).every((answer) => answer === undefined));
});

test('Widening holds a bounded number of networks', () => {
  const widening = new Widening(rule, nobody, 10);
  answers(widening, ['2001:db8::1', '2001:db8::2']);
  for (let net = 0; net < 100; net += 1)
    widening.offend(`2001:db8:1:${net.toString(16)}::1` as Address, 5000);
  assert.equal(widening.offend('2001:db8::3' as Address, 6000), undefined);
});

test('Widening never covers an allowlisted address or network, and always whom it was asked for', () => {
  const host = fc
    .nat(3)
    .chain((net) => fc.nat(3).map((last) => `2001:db8:0:${net.toString(16)}::${last + 1}` as Address));
  const allowed = fc
    .tuple(host, fc.integer({ min: 44, max: 128 }))
    .map(([one, bits]) => networkOf(one, bits));
  let widened = 0;
  fc.assert(
    fc.property(fc.array(allowed, { maxLength: 2 }), fc.array(host, { maxLength: 40 }), (list, offenders) => {
      const allowlist = new Allowlist([], list);
      const widening = new Widening({ ...rule, several: 2 }, allowlist);
      for (const [place, offender] of offenders.entries()) {
        const network = widening.offend(offender, place);
        if (network === undefined) continue;
        widened += 1;
        assert.ok(covers(network, addressWords(offender)));
        assert.equal(allowlist.overlaps(network), false);
        assert.ok(network.bits >= 48 && network.bits <= 64);
        assert.deepEqual(parseNetwork(network.text), network);
      }
    }),
  );
  assert.ok(widened > 50, 'nothing was widened');
});
