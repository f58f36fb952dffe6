import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseAddress } from '../base/address.ts';
import { AddressSet } from './address-set.ts';

test('AddressSet counts distinct addresses, in whatever way they come', () => {
  const addresses = fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('0.0.0.0', '255.255.255.255')), {
    maxLength: 3000,
  });
  fc.assert(
    fc.property(addresses, (texts) => {
      const [one, other] = [new AddressSet(), new AddressSet()];
      for (const [place, text] of texts.entries()) (place % 2 === 0 ? one : other).addText(text);
      one.addParts(other.parts());
      assert.equal(
        one.size,
        new Set(texts.map((text) => parseAddress(text)).filter((each) => each !== undefined)).size,
      );
    }),
    { numRuns: 50 },
  );
});
