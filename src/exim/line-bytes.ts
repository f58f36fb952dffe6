/**
 * The head and the host part of a log line, read from its bytes: the strict and plain shapes of
 * log-stamp.ts and log-host.ts alone. Whatever is not plain is not read (-1), and the line is decoded.
 */
import { byteClass, digit, letterOrDigit, wordByte } from './byte-class.ts';
import type { ByteWords } from './byte-words.ts';
import type { LineIndex } from './line-index.ts';

/** A cursor over the bytes of one block. The fields are the outcome of the last call. */
export class LineBytes {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #stops: Int32Array;
  /** What stands between the brackets of the host part. */
  literalAt = 0;
  literalEnd = 0;
  /** Whether that is a canonical IPv4 address, and which, as 32 bits of a signed number. */
  isIPv4 = false;
  ipv4 = 0;
  /** How many `[` the plain parts that have been read account for. */
  brackets = 0;
  /** Where Exim's own time starts. */
  timeAt = 0;
  /** The message id, at -1 where there is none. */
  idAt = -1;
  idEnd = -1;
  /** `2026-11-23 08:5` of the last line whose time was looked at closely. */
  readonly #minutes = new Int32Array(4);

  constructor({ bytes, stops }: LineIndex) {
    this.bytes = bytes;
    this.#stops = stops;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The first byte from `from` on that may end a word (line-index.ts); the newline is one. */
  next(from: number): number {
    const stops = this.#stops;
    let word = from >>> 5;
    let bits = (stops[word] ?? 0) & (-1 << (from & 31));
    while (bits === 0) {
      word += 1;
      bits = stops[word] ?? 1;
    }
    return (word << 5) + 31 - Math.clz32(bits & -bits);
  }

  /** Where the message starts, after time, fraction, zone, pid and id; -1 where the line is not so plain. */
  head(from: number, end: number): number {
    const { bytes } = this;
    this.brackets = 0;
    this.idAt = -1;
    if (end - from < 21) return -1;
    const time = this.#isTime(from) ? from : this.#afterSyslog(from, end);
    if (time === -1) return -1;
    this.timeAt = time;
    if (bytes[time + 19] !== 0x20) return this.#longHead(time + 19, end);
    const at = time + 20;
    const next = bytes[at] ?? 0;
    return next === 0x5b || next === 0x2b || (next === 0x2d && isDigit(bytes[at + 1]))
      ? this.#longHead(at - 1, end)
      : this.#id(at, end);
  }

  /** Where Exim's time starts after `Nov 23 08:53:00 host exim[12]: `, or -1. */
  #afterSyslog(from: number, end: number): number {
    const { bytes } = this;
    let at = isSyslogTime(bytes, from) ? from + 16 : this.#afterIsoTime(from, end);
    if (at === -1) return -1;
    let stop = this.next(at);
    for (; (bytes[stop] ?? 0) > 0x20 && (bytes[stop] ?? 0) < 0x80; stop = this.next(stop + 1)) {
      if (bytes[stop] === 0x5b) this.brackets += 1;
    }
    if (stop === at || bytes[stop] !== 0x20) return -1;
    at = stop + 1;
    stop = this.next(at);
    if (stop === at) return -1;
    if (bytes[stop] === 0x5b) {
      const close = this.#skip(digit, stop + 1, end);
      if (close === stop + 1 || bytes[close] !== 0x5d) return -1;
      this.brackets += 1;
      stop = close + 1;
    }
    at = stop + 2;
    if (bytes[stop] !== 0x3a || bytes[stop + 1] !== 0x20 || end - at < 21) return -1;
    return this.#isTime(at) ? at : -1;
  }

  /** With fraction, zone or process id. */
  #longHead(from: number, end: number): number {
    const { bytes } = this;
    let at = from;
    if (bytes[at] === 0x2e) {
      const digits = at + 1;
      at = this.#skip(digit, digits, end);
      if (at === digits || at - digits > 6) return -1;
    }
    if (bytes[at] !== 0x20) return -1;
    at += 1;
    const sign = bytes[at];
    if ((sign === 0x2b || sign === 0x2d) && isDigit(bytes[at + 1])) {
      if (this.#skip(digit, at + 1, end) !== at + 5 || bytes[at + 5] !== 0x20) return -1;
      at += 6;
    }
    if (bytes[at] === 0x5b) {
      const digits = at + 1;
      at = this.#skip(digit, digits, end);
      if (at === digits || bytes[at] !== 0x5d || bytes[at + 1] !== 0x20) return -1;
      at += 2;
      this.brackets += 1;
    }
    return at < end ? this.#id(at, end) : -1;
  }

  /** `2026-11-23 08:53:00`; most lines are of the same ten minutes as the one before. */
  #isTime(at: number): boolean {
    const { bytes } = this;
    const view = this.#view;
    const minutes = this.#minutes;
    const a = view.getInt32(at, true);
    const b = view.getInt32(at + 4, true);
    const c = view.getInt32(at + 8, true);
    const d = view.getInt32(at + 11, true);
    if (a !== minutes[0] || b !== minutes[1] || c !== minutes[2] || d !== minutes[3]) {
      if (bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d || bytes[at + 10] !== 0x20) return false;
      if (bytes[at + 13] !== 0x3a) return false;
      for (const place of digitPlaces) if (!isDigit(bytes[at + place])) return false;
      minutes[0] = a;
      minutes[1] = b;
      minutes[2] = c;
      minutes[3] = d;
    }
    return (
      isDigit(bytes[at + 15]) && bytes[at + 16] === 0x3a && isDigit(bytes[at + 17]) && isDigit(bytes[at + 18])
    );
  }

  /** Both lengths of a message id: 6-6-2 up to 4.96, 6-11-4 from 4.97. */
  #id(at: number, end: number): number {
    const { bytes } = this;
    if (bytes[at + 6] !== 0x2d || at + 17 > end) return at;
    const length = bytes[at + 13] === 0x2d ? 16 : bytes[at + 18] === 0x2d ? 23 : 0;
    const after = at + length;
    if (length === 0 || after >= end || bytes[after] !== 0x20) return at;
    const second = length === 16 ? at + 13 : at + 18;
    if (this.#skip(letterOrDigit, at, end) !== at + 6) return at;
    if (this.#skip(letterOrDigit, at + 7, end) !== second) return at;
    if (this.#skip(letterOrDigit, second + 1, end) !== after) return at;
    this.idAt = at;
    this.idEnd = after;
    return after + 1;
  }

  /** After `2026-11-23T08:53:00.123456+01:00 ` (RFC 3339), or -1. */
  #afterIsoTime(from: number, end: number): number {
    const { bytes } = this;
    if (bytes[from + 10] !== 0x54 || bytes[from + 4] !== 0x2d || bytes[from + 7] !== 0x2d) return -1;
    if (bytes[from + 13] !== 0x3a || bytes[from + 16] !== 0x3a) return -1;
    for (const place of isoDigits) if (!isDigit(bytes[from + place])) return -1;
    let at = from + 19;
    if (bytes[at] === 0x2e) {
      const after = this.#skip(digit, at + 1, end);
      if (after === at + 1 || after > at + 10) return -1;
      at = after;
    }
    const zone = bytes[at];
    if (zone === 0x5a) at += 1;
    else if (zone === 0x2b || zone === 0x2d) {
      const hours = this.#skip(digit, at + 1, end);
      if (hours === at + 5) at = hours;
      else if (hours === at + 3 && bytes[hours] === 0x3a && this.#skip(digit, hours + 1, end) === hours + 3)
        at = hours + 3;
      else return -1;
    } else return -1;
    return bytes[at] === 0x20 ? at + 1 : -1;
  }

  /** The end of a host part `name (helo) [literal]:port I=[literal]:port` at `from`, or -1. */
  host(from: number, end: number): number {
    const { bytes } = this;
    let at = from;
    const first = bytes[at];
    if (first !== 0x5b && first !== 0x28) {
      at = this.next(at);
      if (at === from || bytes[at] !== 0x20) return -1;
      at += 1;
    }
    if (bytes[at] === 0x28) {
      at = this.#helo(at + 1);
      if (at === -1 || at >= end || bytes[at + 1] !== 0x20) return -1;
      at += 2;
    }
    if (bytes[at] !== 0x5b) return -1;
    this.brackets += 1;
    this.literalAt = at + 1;
    at = this.#peer(at + 1, end);
    if (at === -1) return -1;
    this.literalEnd = at;
    at += 1;
    if (at === end) return at;
    if (bytes[at] === 0x3a) at = this.#port(at, end);
    // ` I=[interface]:port`
    if (bytes[at] !== 0x20) return at;
    const next = bytes[at + 1];
    if (next === 0x49 && bytes[at + 2] === 0x3d && bytes[at + 3] === 0x5b) {
      this.brackets += 1;
      const close = this.#literal(at + 4, end);
      if (close === -1) return -1;
      at = this.#port(close + 1, end);
      return bytes[at] === 0x20 && this.#isFurther(at + 1) ? -1 : at;
    }
    return this.#isFurther(at + 1) ? -1 : at;
  }

  /** Ident and connection id, ` U=…` and ` Ci=…`, are for the full parser. */
  #isFurther(at: number): boolean {
    const { bytes } = this;
    const first = bytes[at];
    if (first === 0x55) return bytes[at + 1] === 0x3d;
    return first === 0x43 && bytes[at + 1] === 0x69 && bytes[at + 2] === 0x3d;
  }

  /** The end of a literal, and its number where it is a dotted quad. */
  #peer(from: number, end: number): number {
    const { bytes } = this;
    let at = from;
    let value = 0;
    for (let part = 0; part < 4; part += 1) {
      let octet = (bytes[at] ?? 0) - 0x30;
      if (octet >>> 0 > 9) break;
      at += 1;
      let next = (bytes[at] ?? 0) - 0x30;
      if (next >>> 0 <= 9 && octet !== 0) {
        octet = octet * 10 + next;
        at += 1;
        next = (bytes[at] ?? 0) - 0x30;
        if (next >>> 0 <= 9) {
          octet = octet * 10 + next;
          at += 1;
          if (octet > 255) break;
        }
      }
      value = (value << 8) | octet;
      // A dot after each but the last, which the bracket follows.
      const after = bytes[at];
      if (part === 3 && after === 0x5d && at < end) {
        this.ipv4 = value;
        this.isIPv4 = true;
        return at;
      }
      if (after !== 0x2e) break;
      at += 1;
    }
    this.isIPv4 = false;
    return this.#literal(from, end);
  }

  /** The bracket that closes a HELO: the first round one, with no white space before it. */
  #helo(from: number): number {
    const { bytes } = this;
    for (let at = this.next(from); ; at = this.next(at + 1)) {
      const code = bytes[at] ?? 0;
      if (code === 0x29) return at;
      if (code === 0x28 || code <= 0x20 || code >= 0x80) return -1;
      if (code === 0x5b) this.brackets += 1;
    }
  }

  #literal(from: number, end: number): number {
    const { bytes } = this;
    for (let at = this.next(from); at < end; at = this.next(at + 1)) {
      const code = bytes[at] ?? 0;
      if (code === 0x5d) return at;
      if (code === 0x5b || code <= 0x20 || code >= 0x80) return -1;
    }
    return -1;
  }

  #port(from: number, end: number): number {
    if (this.bytes[from] !== 0x3a) return from;
    const at = this.#skip(wordByte, from + 1, end);
    return at === from + 1 ? from : at;
  }

  /** After the bytes from `from` on that are of a class. */
  #skip(kind: number, from: number, end: number): number {
    const { bytes } = this;
    let at = from;
    while (at < end && ((byteClass[bytes[at] ?? 0] ?? 0) & kind) !== 0) at += 1;
    return at;
  }

  /** Whether these words stand at `at`, and not beyond `end`. */
  has(text: ByteWords, at: number, end: number): boolean {
    const { words, length } = text;
    if (at + length > end) return false;
    if (length < 4) return this.#hasFew(text.few, at);
    const view = this.#view;
    const last = words.length - 1;
    let place = at;
    for (let word = 0; word < last; word += 1) {
      if (view.getInt32(place, true) !== words[word]) return false;
      place += 4;
    }
    return view.getInt32(at + length - 4, true) === words[last];
  }

  #hasFew(few: Uint8Array, at: number): boolean {
    return few.every((code, place) => this.bytes[at + place] === code);
  }
}

/** `Nov 23 08:53:00 ` */
function isSyslogTime(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at] ?? 0;
  if (first < 0x41 || first > 0x5a || !isLower(bytes[at + 1]) || !isLower(bytes[at + 2])) return false;
  if (bytes[at + 3] !== 0x20 || bytes[at + 6] !== 0x20 || bytes[at + 15] !== 0x20) return false;
  if (bytes[at + 9] !== 0x3a || bytes[at + 12] !== 0x3a) return false;
  if (bytes[at + 4] !== 0x20 && !isDigit(bytes[at + 4])) return false;
  return syslogDigits.every((place) => isDigit(bytes[at + place]));
}

const isoDigits = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18];
const syslogDigits = [5, 7, 8, 10, 11, 13, 14];

function isLower(code: number | undefined): boolean {
  return code !== undefined && code >= 0x61 && code <= 0x7a;
}

const digitPlaces = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14];

export function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 0x30 && code <= 0x39;
}
