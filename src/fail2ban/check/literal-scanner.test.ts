// Lines and literals of a block, against a plain loop.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { canScan, literalScanner, notAscii } from './literal-scanner.ts';

test('literals that do not fit are not scanned', () => {
  assert.ok(canScan([['ab'], []]));
  assert.ok(!canScan([['a']]));
  assert.ok(!canScan([['né']]));
  assert.ok(!canScan(Array.from({ length: 64 }, () => ['ab'])));
  assert.ok(!canScan([Array.from({ length: 600 }, (_, place) => `literal ${place}`)]));
});

const letters = fc.constantFrom('a', 'b', ' ', 'é');
const word = fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 2, maxLength: 5 });

test('each line is found, with the owners of its literals', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(word, { maxLength: 3 }), { maxLength: 63 }),
      fc.array(fc.string({ unit: letters, maxLength: 40 }), { minLength: 1, maxLength: 30 }),
      (owners, lines) => {
        const scanner = literalScanner(owners);
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        scanner.block.set(bytes);
        // What was there before must not count.
        scanner.block.set(Buffer.from('ab ab ab\nab ab ab ab ab ab ab\n'), bytes.length);
        const count = scanner.scan(0, bytes.length);
        const found = Array.from({ length: count }, (_, line) => [
          scanner.lines[line * 3],
          scanner.lines[line * 3 + 1],
          scanner.lines[line * 3 + 2],
        ]);
        let end = -1;
        const wanted = lines.map((line) => {
          end += Buffer.byteLength(line) + 1;
          const words: [number, number] = [0, /é/.test(line) ? notAscii : 0];
          for (const [owner, literals] of owners.entries()) {
            if (literals.some((literal) => line.includes(literal)))
              words[owner < 32 ? 0 : 1] |= 1 << (owner & 31);
          }
          return [end, ...words];
        });
        assert.deepEqual(found, wanted);
      },
    ),
  );
});
