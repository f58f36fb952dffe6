// A look at the bytes of a block. Every position is an offset in it.
import { blockAt, stopsAt } from '../src/exim/scanner-memory';

export function byte(at: i32): i32 {
  return load<u8>(at, blockAt);
}

/** Two bytes, the first one lowest. */
export function pair(at: i32): i32 {
  return load<u16>(at, blockAt);
}

/** The first byte from `from` on that may end a word: the newline is one, and so is what lies behind the block. */
export function next(from: i32): i32 {
  let at = from;
  let bits = load<u64>(at >>> 3, stopsAt) >>> (at & 7);
  while (bits == 0) {
    at = (at & ~7) + 64;
    bits = load<u64>(at >>> 3, stopsAt);
  }
  return at + i32(ctz(bits));
}

/** The next space, or `end`. */
export function space(from: i32, end: i32): i32 {
  let at = next(from);
  while (at < end && byte(at) != 0x20) at = next(at + 1);
  return at < end ? at : end;
}

/** Whether these words, which are ASCII, stand at `at`, and not beyond `end`. */
export function has(text: string, at: i32, end: i32): bool {
  let left = text.length;
  if (at + left > end) return false;
  let words = changetype<usize>(text);
  let place = at;
  while (left > 0) {
    const wide = i8x16.narrow_i16x8_u(v128.load(words), v128.load(words, 16));
    const equal = i8x16.bitmask(i8x16.eq(wide, v128.load(place, blockAt)));
    const wanted = left >= 16 ? 0xffff : (1 << left) - 1;
    if ((equal & wanted) != wanted) return false;
    left -= 16;
    words += 32;
    place += 16;
  }
  return true;
}

export function isDigit(code: i32): bool {
  return u32(code - 0x30) <= 9;
}

export function isLetterOrDigit(code: i32): bool {
  return isDigit(code) || u32((code | 0x20) - 0x61) < 26;
}

export function skipDigits(from: i32, end: i32): i32 {
  let at = from;
  while (at < end && isDigit(byte(at))) at += 1;
  return at;
}

export function skipLettersAndDigits(from: i32, end: i32): i32 {
  let at = from;
  while (at < end && isLetterOrDigit(byte(at))) at += 1;
  return at;
}

/** Up to the next space; -1 where a quote or a byte above ASCII is among it. */
export function plainWord(from: i32, end: i32): i32 {
  for (let at = next(from); at < end; at = next(at + 1)) {
    const code = byte(at);
    if (code == 0x20) return at;
    if (code == 0x22 || code >= 0x80) return -1;
  }
  return end;
}
