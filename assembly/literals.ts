// Finds the lines of a block, and which of many literals each of them holds, sixteen bytes at a time: the first
// three bytes of a literal tell its bucket by two lookups each, and where all three agree the literals of that
// bucket are compared. One WebAssembly module of its own, compiled by tools/assembly.ts.
import {
  blockAt,
  bucketsAt,
  lanesAt,
  linesAt,
  literalsAt,
  mostLines,
  tablesAt,
} from '../src/fail2ban/check/literal-memory';

const newline: i8 = 0x0a;

let owners: u64 = 0;

/**
 * Looks from `from` on to `length`, both offsets in the block; `from` is where a line begins, and the last byte
 * is a newline. Returns how many lines end there, and stops when there is no room for more.
 */
export function scan(from: i32, length: i32): i32 {
  const low0 = v128.load(tablesAt);
  const high0 = v128.load(tablesAt, 16);
  const low1 = v128.load(tablesAt, 32);
  const high1 = v128.load(tablesAt, 48);
  const low2 = v128.load(tablesAt, 64);
  const high2 = v128.load(tablesAt, 80);
  const half = i8x16.splat(15);
  let count: i32 = 0;
  let isHigh: bool = false;
  owners = 0;
  for (let at = from; at < length; at += 16) {
    const first = v128.load(at, blockAt);
    const second = v128.load(at, blockAt + 1);
    const third = v128.load(at, blockAt + 2);
    let buckets = v128.and(
      i8x16.swizzle(low0, v128.and(first, half)),
      i8x16.swizzle(high0, i8x16.shr_u(first, 4)),
    );
    buckets = v128.and(buckets, i8x16.swizzle(low1, v128.and(second, half)));
    buckets = v128.and(buckets, i8x16.swizzle(high1, i8x16.shr_u(second, 4)));
    buckets = v128.and(buckets, i8x16.swizzle(low2, v128.and(third, half)));
    buckets = v128.and(buckets, i8x16.swizzle(high2, i8x16.shr_u(third, 4)));
    let ends = i8x16.bitmask(i8x16.eq(first, i8x16.splat(newline)));
    let high = i8x16.bitmask(first);
    let marks = i8x16.bitmask(i8x16.ne(buckets, i8x16.splat(0))) | ends;
    if (at + 16 > length) {
      const within = (1 << (length - at)) - 1;
      ends &= within;
      marks &= within;
    }
    if (marks != 0) v128.store(lanesAt, buckets);
    while (marks != 0) {
      const place = ctz(marks);
      marks &= marks - 1;
      if ((ends & (1 << place)) == 0) {
        find(at + place, load<u8>(lanesAt + place));
        continue;
      }
      const before = (1 << place) - 1;
      if (isHigh || (high & before) != 0) owners |= (1 as u64) << 63;
      const line = linesAt + count * 12;
      store<i32>(line, at + place);
      store<u64>(line, owners, 4);
      owners = 0;
      isHigh = false;
      high &= ~before;
      count += 1;
      if (count == mostLines) return count;
    }
    isHigh = isHigh || high != 0;
  }
  return count;
}

/** Adds the owners of those literals of the buckets that stand at a place. */
function find(at: i32, within: i32): void {
  for (let bits = within; bits != 0; bits &= bits - 1) {
    const bucket = bucketsAt + (ctz(bits) << 3);
    const end = load<i32>(bucket, 4);
    for (let literal = load<i32>(bucket); literal < end; literal += 1) {
      const record = literalsAt + (literal << 4);
      const owner = load<u64>(record, 8);
      if ((owners & owner) != owner && stands(at, load<i32>(record), load<i32>(record, 4))) owners |= owner;
    }
  }
}

function stands(at: i32, text: i32, length: i32): bool {
  for (let place = 0; place < length; place += 1) {
    if (load<u8>(at + place, blockAt) != load<u8>(text + place)) return false;
  }
  return true;
}
