import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createLineIndex } from './line-index.ts';

const capacity = 4096;
const stops = new Set([0x22, 0x28, 0x29, 0x3a, 0x3d, 0x5b, 0x5d]);
const isStop = (code: number): boolean => code <= 0x20 || code >= 0x80 || stops.has(code);

test('createLineIndex() finds what a plain loop finds', () => {
  const index = createLineIndex(capacity);
  const code = fc.oneof(fc.constant(0x0a), fc.constantFrom(...stops), fc.nat(255));
  fc.assert(
    fc.property(fc.array(code, { minLength: 1, maxLength: capacity }), (codes) => {
      index.bytes.set(codes);
      const count = index.index(codes.length);
      const expected: number[] = [];
      let brackets = 0;
      for (const [at, each] of codes.entries()) {
        assert.equal(
          ((index.stops[at >> 5] ?? 0) >>> (at & 31)) & 1,
          isStop(each) ? 1 : 0,
          `byte ${each} at ${at}`,
        );
        if (each === 0x5b) brackets += 1;
        if (each !== 0x0a) continue;
        expected.push(at, brackets);
        brackets = 0;
      }
      assert.deepEqual([...index.lines.subarray(0, count * 2)], expected);
    }),
    { numRuns: 300 },
  );
});
