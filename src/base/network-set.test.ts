import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Address } from './address.ts';
import { addressWords } from './address-words.ts';
import { covers, type Network, overlap, parseNetwork } from './network.ts';
import { NetworkSet } from './network-set.ts';

/** Few enough to meet one another. */
const text = fc.constantFrom(
  '192.0.2.1',
  '192.0.2.0/24',
  '192.0.2.128/25',
  '0.0.0.0/0',
  '198.51.100.7',
  '::/0',
  '::/64',
  '::ffff:0:0/96',
  '::/95',
  '2001:db8::/32',
  '2001:db8::/64',
  '2001:db8::1',
);
const address = fc.constantFrom('192.0.2.1', '192.0.2.200', '198.51.100.7', '2001:db8::1', '::1');
const parsed = (one: string): Network => {
  const network = parseNetwork(one);
  assert.ok(network !== undefined, one);
  return network;
};

test('NetworkSet finds what a look at each of its networks finds', () => {
  fc.assert(
    fc.property(fc.array(text), fc.array(text), address, text, (added, deleted, asked, other) => {
      const set = new NetworkSet(added.map(parsed));
      for (const one of deleted) set.delete(parsed(one));
      const gone = new Set(deleted.map((one) => parsed(one).text));
      const left = added.map(parsed).filter(({ text: name }) => !gone.has(name));
      const words = addressWords(asked as Address);
      const found = set.find(asked as Address);
      assert.equal(
        found !== undefined,
        left.some((one) => covers(one, words)),
        `find ${asked}`,
      );
      if (found !== undefined) assert.ok(covers(found, words));
      assert.equal(
        set.overlaps(parsed(other)),
        left.some((one) => overlap(one, parsed(other))),
        `overlaps ${other}`,
      );
    }),
    { numRuns: Number(process.env['PORTREEVE_RUNS'] ?? 500) },
  );
});
