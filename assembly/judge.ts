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
import { timeAt } from './head';
import { hasPeer, shapeOf, tell, textAt, textEnd } from './shape';
import { ipv4, isIPv4, literalAt, literalEnd } from './host';

// A class: how many lines; what they are (below); the next class of the same shape; how many bytes of
// text; the text itself, from textFrom on.
const countAt: usize = 0;
const flagsAt: usize = 4;
const nextAt: usize = 8;
const lengthAt: usize = 12;
const textFrom: usize = 16;

/** Their peers are counted. */
const countsPeers: i32 = 1;
/** Exim writes them to the reject log as well, and syslog has both (syslog_duplication). */
const inBothLogs: i32 = 2;

/** How many addresses are waiting at freshAt. */
let fresh: i32 = 0;

/** Takes them all; returns how many there are. */
export function takeFresh(): i32 {
  const count = fresh;
  fresh = 0;
  return count;
}

/** Second copies since they were taken. */
let copies: i32 = 0;
/** What may stand in syslog again in the next line; -1 where nothing may. */
let entryAt: i32 = -1;
let entryEnd: i32 = 0;

export function takeCopies(): i32 {
  const count = copies;
  copies = 0;
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
  if (first == 0) entryAt = -1;
  for (let line = first; line < count; line++) {
    const end = load<i32>(linesAt + (line << 3));
    const number = shapeOf(start, end, load<i32>(linesAt + (line << 3), 4));
    const found: usize = number == 0 ? 0 : classOf(number);
    const isSyslog = number != 0 && timeAt != start;
    if (found == 0) {
      entryAt = isSyslog ? timeAt : -1;
      entryEnd = end;
      tell();
      return line;
    }
    const flags = load<i32>(found, flagsAt);
    start = end + 1;
    if (isSyslog && (flags & inBothLogs) != 0) {
      const isCopy =
        entryAt != -1 && entryEnd - entryAt == end - timeAt && same(entryAt + blockAt, timeAt, end - timeAt);
      entryAt = isCopy ? -1 : timeAt;
      entryEnd = end;
      if (isCopy) {
        copies += 1;
        continue;
      }
    }
    store<i32>(found, load<i32>(found, countAt) + 1, countAt);
    if (hasPeer && (flags & countsPeers) != 0) {
      if (isIPv4) see(ipv4);
      else otherPeer(literalAt, literalEnd);
    }
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
    if (load<i32>(record, lengthAt) == length && same(record + textFrom, textAt, length)) {
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

/** Whether the bytes at an address are those at a place of the block. */
function same(known: usize, at: i32, length: i32): bool {
  let place = at;
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
