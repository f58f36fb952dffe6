// The head of a log line: time, fraction, zone, process id, message id, with or without syslog's own
// head before it; the strict and plain shapes of src/exim/log-stamp.ts alone.
import { byte, isDigit, next, pair, skipDigits, skipLettersAndDigits } from './cursor';
import { blockAt, minuteAt } from '../src/exim/scanner-memory';

/** How many `[` the plain parts that have been read account for. */
export let brackets: i32 = 0;
/** Where Exim's own time starts. */
export let timeAt: i32 = 0;
/** How often the minute has been another one than before. */
export let minutes: i32 = 0;
/** The message id, at -1 where there is none. */
export let idAt: i32 = -1;
export let idEnd: i32 = -1;

export function countBracket(): void {
  brackets += 1;
}

/** Where the message starts; -1 where the line is not so plain. */
export function head(from: i32, end: i32): i32 {
  brackets = 0;
  idAt = -1;
  if (end - from < 21) return -1;
  const time = isTime(from) ? from : afterSyslog(from, end);
  if (time == -1) return -1;
  timeAt = time;
  if (byte(time + 19) != 0x20) return longHead(time + 19, end);
  const at = time + 20;
  const code = byte(at);
  const isLong = code == 0x5b || code == 0x2b || (code == 0x2d && isDigit(byte(at + 1)));
  return isLong ? longHead(at - 1, end) : messageId(at, end);
}

/** Bits of the digits in `2026-11-23 08:53`. */
const digits: i32 = 0b1101_1011_0110_1111;

/** `2026-11-23 08:53:00`; most lines are of the same minute as the one before. */
function isTime(at: i32): bool {
  const minute = v128.load(at, blockAt);
  if (i8x16.bitmask(i8x16.eq(minute, v128.load(minuteAt))) != 0xffff) {
    const found = i8x16.bitmask(i8x16.lt_u(i8x16.sub(minute, i8x16.splat(0x30)), i8x16.splat(10)));
    if ((found & digits) != digits) return false;
    if (byte(at + 4) != 0x2d || byte(at + 7) != 0x2d || byte(at + 10) != 0x20) return false;
    if (byte(at + 13) != 0x3a) return false;
    v128.store(minuteAt, minute);
    minutes += 1;
  }
  return byte(at + 16) == 0x3a && isDigit(byte(at + 17)) && isDigit(byte(at + 18));
}

/** Where Exim's time starts after `Nov 23 08:53:00 host exim[12]: `, or -1. */
function afterSyslog(from: i32, end: i32): i32 {
  let at = isSyslogTime(from) ? from + 16 : afterIsoTime(from, end);
  if (at == -1) return -1;
  let stop = next(at);
  while (byte(stop) > 0x20 && byte(stop) < 0x80) {
    if (byte(stop) == 0x5b) brackets += 1;
    stop = next(stop + 1);
  }
  if (stop == at || byte(stop) != 0x20) return -1;
  at = stop + 1;
  stop = next(at);
  if (stop == at) return -1;
  if (byte(stop) == 0x5b) {
    const close = skipDigits(stop + 1, end);
    if (close == stop + 1 || byte(close) != 0x5d) return -1;
    brackets += 1;
    stop = close + 1;
  }
  if (pair(stop) != 0x203a) return -1;
  at = afterPiece(stop + 2, end);
  return end - at >= 21 && isTime(at) ? at : -1;
}

/** After `[1\\5] `: the first line of an entry of several, which is whole (write_syslog() of Exim's log.c). */
function afterPiece(at: i32, end: i32): i32 {
  if (byte(at) != 0x5b || pair(at + 1) != 0x5c31) return at;
  const close = skipDigits(at + 3, end);
  if (close == at + 3 || pair(close) != 0x205d) return at;
  brackets += 1;
  return close + 2;
}

/** `Nov 23 08:53:00 ` */
function isSyslogTime(at: i32): bool {
  const first = byte(at);
  if (first < 0x41 || first > 0x5a || !isLower(byte(at + 1)) || !isLower(byte(at + 2))) return false;
  if (byte(at + 3) != 0x20 || byte(at + 6) != 0x20 || byte(at + 15) != 0x20) return false;
  if (byte(at + 9) != 0x3a || byte(at + 12) != 0x3a) return false;
  if (byte(at + 4) != 0x20 && !isDigit(byte(at + 4))) return false;
  if (!isDigit(byte(at + 5)) || !isDigit(byte(at + 7)) || !isDigit(byte(at + 8))) return false;
  return isDigit(byte(at + 10)) && isDigit(byte(at + 11)) && isDigit(byte(at + 13)) && isDigit(byte(at + 14));
}

function isLower(code: i32): bool {
  return u32(code - 0x61) < 26;
}

/** After `2026-11-23T08:53:00.123456+01:00 ` (RFC 3339), or -1. */
function afterIsoTime(from: i32, end: i32): i32 {
  if (byte(from + 10) != 0x54 || byte(from + 4) != 0x2d || byte(from + 7) != 0x2d) return -1;
  if (byte(from + 13) != 0x3a || byte(from + 16) != 0x3a) return -1;
  const found = i8x16.bitmask(
    i8x16.lt_u(i8x16.sub(v128.load(from, blockAt), i8x16.splat(0x30)), i8x16.splat(10)),
  );
  if ((found & digits) != digits || !isDigit(byte(from + 17)) || !isDigit(byte(from + 18))) return -1;
  let at = from + 19;
  if (byte(at) == 0x2e) {
    const after = skipDigits(at + 1, end);
    if (after == at + 1 || after > at + 10) return -1;
    at = after;
  }
  const zone = byte(at);
  if (zone == 0x5a) at += 1;
  else if (zone == 0x2b || zone == 0x2d) {
    const hours = skipDigits(at + 1, end);
    if (hours == at + 5) at = hours;
    else if (hours == at + 3 && byte(hours) == 0x3a && skipDigits(hours + 1, end) == hours + 3)
      at = hours + 3;
    else return -1;
  } else return -1;
  return byte(at) == 0x20 ? at + 1 : -1;
}

/** With fraction, zone or process id. */
function longHead(from: i32, end: i32): i32 {
  let at = from;
  if (byte(at) == 0x2e) {
    const first = at + 1;
    at = skipDigits(first, end);
    if (at == first || at - first > 6) return -1;
  }
  if (byte(at) != 0x20) return -1;
  at += 1;
  const sign = byte(at);
  if ((sign == 0x2b || sign == 0x2d) && isDigit(byte(at + 1))) {
    if (skipDigits(at + 1, end) != at + 5 || byte(at + 5) != 0x20) return -1;
    at += 6;
  }
  if (byte(at) == 0x5b) {
    const first = at + 1;
    at = skipDigits(first, end);
    if (at == first || byte(at) != 0x5d || byte(at + 1) != 0x20) return -1;
    at += 2;
    brackets += 1;
  }
  return at < end ? messageId(at, end) : -1;
}

/** Both lengths of a message id: 6-6-2 up to 4.96, 6-11-4 from 4.97. */
function messageId(at: i32, end: i32): i32 {
  if (byte(at + 6) != 0x2d || at + 17 > end) return at;
  const second = byte(at + 13) == 0x2d ? at + 13 : byte(at + 18) == 0x2d ? at + 18 : 0;
  if (second == 0) return at;
  const after = second == at + 13 ? at + 16 : at + 23;
  if (after >= end || byte(after) != 0x20) return at;
  if (skipLettersAndDigits(at, end) != at + 6) return at;
  if (skipLettersAndDigits(at + 7, end) != second) return at;
  if (skipLettersAndDigits(second + 1, end) != after) return at;
  idAt = at;
  idEnd = after;
  return after + 1;
}
