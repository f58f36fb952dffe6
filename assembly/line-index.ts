// Looks at 64 bytes at a time: where the lines of a block end, how many `[` each holds, and where the
// bytes are that can end a word of the grammar, so that words are skipped, not walked.
import { blockAt, linesAt, stopsAt, spare } from '../src/exim/scanner-memory';

/**
 * Which bytes stop a word, by their halves: a byte does if the entry of its high half and that of its
 * low half have a bit in common. Bit 0: control characters. Bit 1: space `" ( )`. Bit 2: `: =`. Bit 3: `[ ]`.
 */
const highHalf = i8x16(1, 1, 2, 4, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
const lowHalf = i8x16(3, 1, 3, 1, 1, 1, 1, 1, 3, 3, 5, 9, 1, 13, 1, 1);

function bitsOf(lanes: v128): u64 {
  return u64(u32(i8x16.bitmask(lanes)));
}

function stopsIn(block: v128): u64 {
  const low = i8x16.swizzle(lowHalf, v128.and(block, i8x16.splat(15)));
  const high = i8x16.swizzle(highHalf, i8x16.shr_u(block, 4));
  // The sign bit says: above ASCII.
  return bitsOf(v128.or(i8x16.ne(v128.and(low, high), i8x16.splat(0)), block));
}

function placesOf(code: i8, a: v128, b: v128, c: v128, d: v128): u64 {
  const wanted = i8x16.splat(code);
  return (
    bitsOf(i8x16.eq(a, wanted)) |
    (bitsOf(i8x16.eq(b, wanted)) << 16) |
    (bitsOf(i8x16.eq(c, wanted)) << 32) |
    (bitsOf(i8x16.eq(d, wanted)) << 48)
  );
}

/** Indexes the first `length` bytes of the block; returns how many lines end in them. */
export function index(length: i32): i32 {
  // Zeros behind them stop whoever looks for the end of the last word.
  memory.fill(blockAt + length, 0, spare);
  let line = linesAt;
  let count: i32 = 0;
  for (let at = 0; at <= length; at += 64) {
    const a = v128.load(at, blockAt);
    const b = v128.load(at, blockAt + 16);
    const c = v128.load(at, blockAt + 32);
    const d = v128.load(at, blockAt + 48);
    const stops = stopsIn(a) | (stopsIn(b) << 16) | (stopsIn(c) << 32) | (stopsIn(d) << 48);
    store<u64>(at >>> 3, stops, stopsAt);
    let newlines = placesOf(0x0a, a, b, c, d);
    let brackets = placesOf(0x5b, a, b, c, d);
    while (newlines != 0) {
      const place = ctz(newlines);
      const before = ((1 as u64) << place) - 1;
      store<i32>(line, at + i32(place));
      store<i32>(line, count + i32(popcnt(brackets & before)), 4);
      line += 8;
      count = 0;
      brackets &= ~before;
      newlines &= newlines - 1;
    }
    count += i32(popcnt(brackets));
  }
  return i32((line - linesAt) >>> 3);
}
