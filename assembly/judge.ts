// Counts the lines of a block by their class: a shape, and its decisive text where it has one. What a
// class means is none of this file's business; the caller says which classes there are, and is asked
// about every line that is of none.
import {
  blockAt,
  classOfShapeAt,
  classesAt,
  classSize,
  freshAt,
  linesAt,
  recentAt,
  recentBits,
} from '../src/exim/scanner-memory';
import { hasPeer, shapeOf, tell, textAt, textEnd } from './shape';
import { ipv4, isIPv4, literalAt, literalEnd } from './host';

// A class: how many lines; 1 where their peers are counted; the next class of the same shape; how
// many bytes of text; the text itself, from textFrom on.
const countAt: usize = 0;
const countsPeersAt: usize = 4;
const nextAt: usize = 8;
const lengthAt: usize = 12;
const textFrom: usize = 16;

/** How many addresses are waiting at freshAt. */
let fresh: i32 = 0;

/** Takes them all; returns how many there are. */
export function takeFresh(): i32 {
  const count = fresh;
  fresh = 0;
  return count;
}

/** A peer that is not a dotted quad, at these places of the block. */
declare function otherPeer(from: i32, end: i32): void;

/**
 * Counts the indexed lines from number `first` on; `from` is where that one starts. Stops at a line
 * that is of no class and returns its number, or `count`.
 */
export function scan(first: i32, count: i32, from: i32): i32 {
  let start = from;
  for (let line = first; line < count; line++) {
    const end = load<i32>(linesAt + (line << 3));
    const number = shapeOf(start, end, load<i32>(linesAt + (line << 3), 4));
    const found: usize = number == 0 ? 0 : classOf(number);
    if (found == 0) {
      tell();
      return line;
    }
    store<i32>(found, load<i32>(found, countAt) + 1, countAt);
    if (hasPeer && load<i32>(found, countsPeersAt) != 0) {
      if (isIPv4) see(ipv4);
      else otherPeer(literalAt, literalEnd);
    }
    start = end + 1;
  }
  return count;
}

/** The address of the record, or 0. */
function classOf(number: i32): usize {
  let found = load<i32>(classOfShapeAt + (number << 2));
  const length = textEnd - textAt;
  let before: usize = 0;
  while (found != 0) {
    const record: usize = classesAt + found * classSize;
    if (load<i32>(record, lengthAt) == length && isText(record + textFrom, length)) {
      if (before != 0 && load<i32>(record, countAt) > load<i32>(before, countAt))
        toFront(number, found, before);
      return record;
    }
    before = record;
    found = load<i32>(record, nextAt);
  }
  return 0;
}

/** What is frequent stands first. */
function toFront(number: i32, found: i32, before: usize): void {
  const record: usize = classesAt + found * classSize;
  store<i32>(before, load<i32>(record, nextAt), nextAt);
  store<i32>(record, load<i32>(classOfShapeAt + (number << 2)), nextAt);
  store<i32>(classOfShapeAt + (number << 2), found);
}

function isText(known: usize, length: i32): bool {
  let place = textAt;
  let words = known;
  for (let left = length; left > 0; left -= 16) {
    const equal = i8x16.bitmask(i8x16.eq(v128.load(words), v128.load(place, blockAt)));
    const wanted = left >= 16 ? 0xffff : (1 << left) - 1;
    if ((equal & wanted) != wanted) return false;
    words += 16;
    place += 16;
  }
  return true;
}

function see(address: i32): void {
  const slot = recentAt + (((address * 0x9e3779b1) >>> (32 - recentBits)) << 2);
  // The table starts as zeros: 0.0.0.0 is always told.
  if (load<i32>(slot) == address && address != 0) return;
  store<i32>(slot, address);
  store<i32>(freshAt + (fresh << 2), address);
  fresh += 1;
}
