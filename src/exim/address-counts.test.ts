import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { AddressCounts } from './address-counts.ts';

test('AddressCounts counts what a map counts', () => {
  const address = fc.oneof(
    fc.integer({ min: -5, max: 5 }),
    fc.integer(),
    fc.constantFrom(0, -1, 2 ** 31 - 1),
  );
  fc.assert(
    fc.property(fc.array(address, { maxLength: 3000 }), (addresses) => {
      const counts = new AddressCounts();
      const expected = new Map<number, number>();
      for (const each of addresses) {
        counts.add(each);
        expected.set(each, (expected.get(each) ?? 0) + 1);
      }
      assert.deepEqual(new Map(counts), expected);
    }),
    { numRuns: 50 },
  );
});
