// The host part of a log line: `name (helo) [literal]:port I=[literal]:port`, the strict and plain
// shapes of src/exim/log-host.ts alone. Whatever is not plain is not read (-1), and the line is decoded.
import { byte, isDigit, isLetterOrDigit, next, pair } from './cursor';
import { countBracket } from './head';
import { blockAt } from '../src/exim/scanner-memory';

/** What stands between the brackets of the host part. */
export let literalAt: i32 = 0;
export let literalEnd: i32 = 0;
/** Whether that is a canonical IPv4 address, and which. */
export let isIPv4: bool = false;
export let ipv4: i32 = 0;

/** A peer that stands in the line without brackets. */
export function setLiteral(from: i32, end: i32): void {
  literalAt = from;
  literalEnd = end;
  isIPv4 = false;
}

/** The end of a host part at `from`, or -1. */
export function host(from: i32, end: i32): i32 {
  let at = from;
  const first = byte(at);
  if (first != 0x5b && first != 0x28) {
    at = next(at);
    if (at == from || byte(at) != 0x20) return -1;
    at += 1;
  }
  if (byte(at) == 0x28) {
    at = helo(at + 1);
    if (at == -1 || at >= end || byte(at + 1) != 0x20) return -1;
    at += 2;
  }
  if (byte(at) != 0x5b) return -1;
  countBracket();
  literalAt = at + 1;
  at = peer(at + 1, end);
  if (at == -1) return -1;
  literalEnd = at;
  at += 1;
  if (at == end) return at;
  if (byte(at) == 0x3a) at = port(at, end);
  if (byte(at) != 0x20) return at;
  // ` I=[interface]:port`
  if (pair(at + 1) == 0x3d49 && byte(at + 3) == 0x5b) {
    countBracket();
    const close = literal(at + 4, end);
    if (close == -1) return -1;
    at = port(close + 1, end);
    return byte(at) == 0x20 && isFurther(at + 1) ? -1 : at;
  }
  return isFurther(at + 1) ? -1 : at;
}

/** Ident and connection id, ` U=…` and ` Ci=…`, are for the full parser. */
function isFurther(at: i32): bool {
  const code = pair(at);
  return code == 0x3d55 || (code == 0x6943 && byte(at + 2) == 0x3d);
}

/** The bracket that closes a HELO: the first round one, with no white space before it. */
function helo(from: i32): i32 {
  let at = next(from);
  while (byte(at) != 0x29) {
    const code = byte(at);
    if (code == 0x28 || code <= 0x20 || code >= 0x80) return -1;
    if (code == 0x5b) countBracket();
    at = next(at + 1);
  }
  return at;
}

/** The end of a literal, and its number where it is a dotted quad. */
function peer(from: i32, end: i32): i32 {
  const close = next(from);
  isIPv4 = close < end && byte(close) == 0x5d && dottedQuad(from, close);
  return isIPv4 ? close : literal(from, end);
}

/** Sets `ipv4` from `from` to before `end`, all of whose bytes are printable. */
function dottedQuad(from: i32, end: i32): bool {
  const length = end - from;
  if (length < 7 || length > 15) return false;
  let dots = i8x16.bitmask(i8x16.eq(v128.load(from, blockAt), i8x16.splat(0x2e))) & ((1 << length) - 1);
  if (popcnt(dots) != 3) return false;
  let value: i32 = 0;
  let at = from;
  for (let part = 0; part < 4; part++) {
    const stop = part == 3 ? end : from + ctz(dots);
    dots &= dots - 1;
    const octet = octetOf(at, stop - at);
    if (octet < 0) return false;
    value = (value << 8) | octet;
    at = stop + 1;
  }
  ipv4 = value;
  return true;
}

/** 0 to 255 without leading zeros, or -1. */
function octetOf(at: i32, length: i32): i32 {
  if (u32(length - 1) > 2) return -1;
  // The digits as the high bytes of a word, the last one highest: the byte before them is shifted out.
  const word: u32 = (load<u32>(at, blockAt) ^ 0x30303030) << (32 - 8 * length);
  if (((word | (word + 0x06060600)) & 0xf0f0f0f0) != 0) return -1;
  const value = i32((word >>> 24) + ((word >>> 16) & 0xff) * 10 + ((word >>> 8) & 0xff) * 100);
  const least = length == 1 ? 0 : length == 2 ? 10 : 100;
  return value >= least && value <= 255 ? value : -1;
}

function literal(from: i32, end: i32): i32 {
  for (let at = next(from); at < end; at = next(at + 1)) {
    const code = byte(at);
    if (code == 0x5d) return at;
    if (code == 0x5b || code <= 0x20 || code >= 0x80) return -1;
  }
  return -1;
}

function port(from: i32, end: i32): i32 {
  if (byte(from) != 0x3a) return from;
  let at = from + 1;
  while (at < end && (isLetterOrDigit(byte(at)) || byte(at) == 0x5f)) at += 1;
  return at == from + 1 ? from : at;
}
