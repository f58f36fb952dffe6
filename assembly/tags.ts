// The ` NAME=value` items of a log line, skipped: the plain shapes of src/exim/log-tags.ts alone.
import { byte, isDigit, next, pair, plainWord, space } from './cursor';
import { countBracket } from './head';

/** Where the items that start at `from` end; -1 where one is not plain, and the line has to be decoded. */
export function skipTags(from: i32, end: i32): i32 {
  let at = from;
  while (at < end && byte(at) == 0x20) {
    const after = skipTag(at + 1, end);
    if (after == -1) return -1;
    if (after == 0) return at;
    at = after;
  }
  return at;
}

/** The end of the item whose name starts at `at`; 0 where it is none, -1 where it is not plain. */
function skipTag(at: i32, end: i32): i32 {
  const first = byte(at);
  const second = byte(at + 1);
  const third = byte(at + 2);
  if (second == 0x3d) {
    if (first == 0x43 && third == 0x22) return confirmation(at + 3, end);
    if (isPlainName(first)) return plainWord(at + 2, end);
    if (first == 0x48) return target(at + 2, end);
    if (first == 0x41) return plainLogin(at + 2, end);
    return isUpper(first) ? -1 : 0;
  }
  if (third == 0x3d) {
    // CV= QT= DT= RT= id=
    if (first == 0x43 && second == 0x56) return plainWord(at + 3, end);
    if (second == 0x54 && (first == 0x51 || first == 0x44 || first == 0x52)) return plainWord(at + 3, end);
    if (first == 0x69 && second == 0x64) return plainWord(at + 3, end);
  }
  // K, L, TFO, PRDR … and longer names: rare enough to be decoded.
  if (first == 0x4b && (second == 0x20 || at + 1 == end)) return at + 1;
  return isUpper(first) && !isLower(second) ? -1 : 0;
}

/** C F P Q R S T X: a word each, as a rule. */
function isPlainName(code: i32): bool {
  return code == 0x43 || code == 0x46 || (code >= 0x50 && code <= 0x54) || code == 0x58;
}

/** `H=name [address]:port*`: a host that was delivered to. */
function target(from: i32, end: i32): i32 {
  let at = from;
  while (at < end && byte(at) != 0x20) {
    const code = byte(at);
    if (code == 0x5b || code == 0x22 || code >= 0x80) return -1;
    at += 1;
  }
  if (at == end || byte(at + 1) != 0x5b) return byte(at + 1) == 0x44 ? -1 : at;
  countBracket();
  at = plainWord(at + 2, end);
  // With a port or a star after the bracket, the line is decoded.
  return at != -1 && byte(at - 1) == 0x5d ? at : -1;
}

/** `C="…"`: plain where the first quote without a backslash ends it, and the line or a time follows. */
function confirmation(from: i32, end: i32): i32 {
  for (let at = next(from); at < end; at = next(at + 1)) {
    if (byte(at) != 0x22 || byte(at - 1) == 0x5c) continue;
    if (at + 1 == end) return end;
    const timed = byte(at + 1) == 0x20 && pair(at + 3) == 0x3d54;
    return timed && (byte(at + 2) == 0x51 || byte(at + 2) == 0x44) ? at + 1 : -1;
  }
  return -1;
}

/** A login may hold spaces: plain is one that ends at an item, ` rejected `, or the end. */
function plainLogin(from: i32, end: i32): i32 {
  const at = plainWord(from, end);
  if (at == -1 || at == end) return at;
  if (byte(at - 1) == 0x3a) return -1;
  const first = byte(at + 1);
  const second = byte(at + 2);
  const known = first == 0x46 || first == 0x53 || first == 0x43 || first == 0x58 || first == 0x50;
  if (known && second == 0x3d) return at;
  if (first == 0x4b && second == 0x20) return at;
  return first == 0x72 && second == 0x65 && byte(at + 3) == 0x6a && byte(at + 9) == 0x20 ? at : -1;
}

/** Whether ` D=word` or nothing stands there to the end. */
export function isDuration(at: i32, end: i32): bool {
  return at == end || skipDuration(at, end) == end;
}

/** After ` D=word`, or `at` where there is none. */
export function skipDuration(at: i32, end: i32): i32 {
  if (byte(at) != 0x20 || pair(at + 1) != 0x3d44) return at;
  const place = space(at + 3, end);
  return place == at + 3 ? at : place;
}

export function isNumber(at: i32, end: i32): bool {
  return skipNumber(at, end) == end;
}

/** A whole number without leading zeros, of at most nine digits; or -1. */
export function skipNumber(at: i32, end: i32): i32 {
  let place = at;
  while (place < end && place - at < 9 && isDigit(byte(place))) place += 1;
  if (place == at || (byte(at) == 0x30 && place > at + 1)) return -1;
  return place;
}

function isUpper(code: i32): bool {
  return u32(code - 0x41) < 26;
}

function isLower(code: i32): bool {
  return u32(code - 0x61) < 26;
}
