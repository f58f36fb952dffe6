import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { LineBlocks } from './line-blocks.ts';
import { createLineScanner } from './line-scanner.ts';
import { blockSize } from './scanner-memory.ts';

/** Used by one after the other. */
const scanner = createLineScanner();

function collector(): { blocks: LineBlocks; lines: string[] } {
  const lines: string[] = [];
  const blocks = new LineBlocks(scanner, (from, count) => {
    let start = from;
    for (let line = 0; line < count; line += 1) {
      const end = scanner.lines[line * 2] ?? 0;
      lines.push(Buffer.from(scanner.bytes.subarray(start, end)).toString('latin1'));
      start = end + 1;
    }
    return start;
  });
  return { blocks, lines };
}

const texts = fc.array(
  fc.oneof(fc.string({ maxLength: 20, unit: fc.constantFrom('a', 'b', ' ') }), fc.constant('')),
  { maxLength: 40 },
);

test('LineBlocks.range() gives each line to one piece, wherever the pieces are cut', () => {
  fc.assert(
    fc.property(texts, fc.boolean(), fc.integer({ min: 1, max: 50 }), (lines, closed, piece) => {
      const text = lines.join('\n') + (closed && lines.length > 0 ? '\n' : '');
      const bytes = Buffer.from(text);
      const read = (into: Uint8Array, position: number): number => {
        const part = bytes.subarray(position, position + into.length);
        into.set(part);
        return part.length;
      };
      const found: string[] = [];
      for (let from = 0; from < bytes.length; from += piece) {
        const { blocks, lines: own } = collector();
        blocks.range(read, from, Math.min(from + piece, bytes.length));
        found.push(...own);
      }
      assert.deepEqual(found, expected(text));
    }),
    { numRuns: 200 },
  );
});

test('LineBlocks.push() gives the same lines, however the stream is cut', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 30 }), (lines, size) => {
      const bytes = Buffer.from(lines.join('\n'));
      const { blocks, lines: found } = collector();
      for (let at = 0; at < bytes.length; at += size) blocks.push(bytes.subarray(at, at + size));
      blocks.end();
      assert.deepEqual(found, expected(lines.join('\n')));
    }),
    { numRuns: 200 },
  );
});

test('LineBlocks cuts a line longer than a block, and goes on after it', () => {
  const text = `${'x'.repeat(blockSize + 10)}\nnext\n${'y'.repeat(blockSize)}`;
  const bytes = Buffer.from(text);
  const ranged = collector();
  ranged.blocks.range(
    (into, position) => {
      const part = bytes.subarray(position, position + into.length);
      into.set(part);
      return part.length;
    },
    0,
    bytes.length,
  );
  const streamed = collector();
  streamed.blocks.push(bytes);
  streamed.blocks.end();
  for (const { lines } of [ranged, streamed]) {
    assert.ok(lines.includes('next'));
    assert.equal(lines.join('').length, text.length - 2);
  }
});

/** The lines of a text; after a last newline there is none. */
function expected(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
