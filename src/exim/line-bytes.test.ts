import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseAddress } from '../base/address.ts';
import { AddressSet } from './address-set.ts';
import { LineBytes } from './line-bytes.ts';
import { createLineIndex } from './line-index.ts';

const index = createLineIndex(4096);
const line = new LineBytes(index);

function read(literal: string): number {
  const bytes = Buffer.from(`[${literal}] \n`, 'latin1');
  index.bytes.set(bytes);
  index.index(bytes.length);
  line.brackets = 0;
  return line.host(0, bytes.length - 1);
}

test('LineBytes.host() takes for IPv4 what parseAddress() takes for IPv4, and nothing else', () => {
  const octet = fc.oneof(
    fc.nat(300).map(String),
    fc.constantFrom('', '00', '01', '255', '256', '1000', 'a', '-1'),
  );
  const dotted = fc.array(octet, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));
  fc.assert(
    fc.property(fc.oneof(dotted, fc.ipV4(), fc.ipV6()), (literal) => {
      const end = read(literal);
      const address = parseAddress(literal);
      const plain = address !== undefined && !literal.includes(':');
      assert.equal(end === -1 ? false : line.isIPv4, plain, literal);
      if (!plain) return;
      const set = new AddressSet();
      set.addText(literal);
      assert.deepEqual([...set.parts().numbers], [line.ipv4]);
    }),
    { numRuns: 2000 },
  );
});

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
