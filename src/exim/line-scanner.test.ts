import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseAddress } from '../base/address.ts';
import { AddressSet } from './address-set.ts';
import { createLineScanner } from './line-scanner.ts';
import { blockSize } from './scanner-memory.ts';
import { LineShape } from './line-shape.ts';

const scanner = createLineScanner();
const shape = new LineShape(scanner);
const stops = new Set([0x22, 0x28, 0x29, 0x3a, 0x3d, 0x5b, 0x5d]);
const isStop = (code: number): boolean => code <= 0x20 || code >= 0x80 || stops.has(code);

test('index() finds the lines and counts the brackets that a plain loop finds', () => {
  const code = fc.oneof(fc.constant(0x0a), fc.constantFrom(...stops), fc.nat(255));
  fc.assert(
    fc.property(fc.array(code, { minLength: 1, maxLength: 3000 }), (codes) => {
      scanner.bytes.set(codes);
      const count = scanner.index(codes.length);
      const expected: number[] = [];
      let brackets = 0;
      for (const [at, each] of codes.entries()) {
        if (each === 0x5b) brackets += 1;
        if (each !== 0x0a) continue;
        expected.push(at, brackets);
        brackets = 0;
      }
      assert.deepEqual([...scanner.lines.subarray(0, count * 2)], expected);
    }),
    { numRuns: 300 },
  );
});

test('next() finds the byte that a plain loop finds, and always one', () => {
  const code = fc.oneof({ weight: 5, arbitrary: fc.constant(0x61) }, fc.nat(255));
  fc.assert(
    fc.property(fc.array(code, { minLength: 1, maxLength: 400 }), (codes) => {
      scanner.bytes.set(codes);
      scanner.index(codes.length);
      for (let from = 0; from < codes.length; from += 1) {
        const found = codes.findIndex((each, at) => at >= from && isStop(each));
        assert.equal(scanner.next(from), found === -1 ? codes.length : found);
      }
    }),
    { numRuns: 100 },
  );
});

test('index() takes a whole block, and one that is nothing but newlines', () => {
  scanner.bytes.fill(0x0a, 0, blockSize + 1);
  assert.equal(scanner.index(blockSize + 1), blockSize + 1);
  assert.equal(scanner.lines[blockSize * 2], blockSize);
  scanner.bytes.fill(0x61, 0, blockSize);
  assert.equal(scanner.index(blockSize), 0);
  assert.equal(scanner.next(0), blockSize);
});

function peerOf(literal: string): LineShape | undefined {
  const bytes = Buffer.from(
    `2026-11-23 08:53:00 Connection from [${literal}] refused: too many connections\n`,
    'latin1',
  );
  scanner.bytes.set(bytes);
  scanner.index(bytes.length);
  return shape.of(0, bytes.length - 1, scanner.lines[1] ?? 0) === 0 ? undefined : shape;
}

test('a peer is taken for IPv4 where parseAddress() takes it for IPv4, and nowhere else', () => {
  const octet = fc.oneof(
    fc.nat(300).map(String),
    fc.constantFrom('', '00', '01', '255', '256', '1000', 'a', '-1', '?', ';'),
  );
  const dotted = fc.array(octet, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));
  fc.assert(
    fc.property(fc.oneof(dotted, fc.ipV4(), fc.ipV6()), (literal) => {
      const found = peerOf(literal);
      const address = parseAddress(literal);
      const plain = address !== undefined && !literal.includes(':');
      assert.equal(found?.isIPv4 ?? false, plain, literal);
      if (!plain) return;
      const set = new AddressSet();
      set.addText(literal);
      assert.deepEqual([...set.parts().numbers], [found?.ipv4]);
    }),
    { numRuns: 2000 },
  );
});
