/**
 * The head and the host part of a log line, read from its bytes: the strict and plain shapes of
 * log-stamp.ts and log-host.ts alone. Whatever is not plain is not read (-1), and the line is decoded.
 */

/** A cursor over the bytes of one block. The fields are the outcome of the last call. */
export class LineBytes {
  readonly bytes: Uint8Array;
  /** What stands between the brackets of the host part. */
  literalAt = 0;
  literalEnd = 0;
  /** How many `[` the plain parts that have been read account for. */
  brackets = 0;
  /** The message id, at -1 where there is none. */
  idAt = -1;
  idEnd = -1;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Where the message starts, after time, fraction, zone, pid and id; -1 where the line is not so plain. */
  head(from: number, end: number): number {
    const { bytes } = this;
    this.brackets = 0;
    this.idAt = -1;
    if (end - from < 21 || !isTime(bytes, from)) return -1;
    let at = from + 19;
    if (bytes[at] === 0x2e) {
      const digits = at + 1;
      at = digits;
      while (isDigit(bytes[at])) at += 1;
      if (at === digits || at - digits > 6) return -1;
    }
    if (bytes[at] !== 0x20) return -1;
    at += 1;
    const sign = bytes[at];
    if ((sign === 0x2b || sign === 0x2d) && isDigit(bytes[at + 1])) {
      for (let place = 1; place <= 4; place += 1) if (!isDigit(bytes[at + place])) return -1;
      if (bytes[at + 5] !== 0x20) return -1;
      at += 6;
    }
    if (bytes[at] === 0x5b) {
      const digits = at + 1;
      at = digits;
      while (isDigit(bytes[at])) at += 1;
      if (at === digits || bytes[at] !== 0x5d || bytes[at + 1] !== 0x20) return -1;
      at += 2;
      this.brackets = 1;
    }
    return at < end ? this.#id(at, end) : -1;
  }

  /** Both lengths of a message id: 6-6-2 up to 4.96, 6-11-4 from 4.97. */
  #id(at: number, end: number): number {
    const { bytes } = this;
    if (at + 17 > end || bytes[at + 6] !== 0x2d) return at;
    const length = bytes[at + 13] === 0x2d ? 16 : bytes[at + 18] === 0x2d ? 23 : 0;
    if (length === 0 || at + length >= end || bytes[at + length] !== 0x20) return at;
    for (let place = at; place < at + length; place += 1) {
      const code = bytes[place] ?? 0;
      if (!isAlphanumeric(code) && (code !== 0x2d || (place !== at + 6 && place !== at + length - (length === 16 ? 3 : 5))))
        return at;
    }
    this.idAt = at;
    this.idEnd = at + length;
    return at + length + 1;
  }

  /** The end of a host part `name (helo) [literal]:port I=[literal]:port` at `from`, or -1. */
  host(from: number, end: number): number {
    const { bytes } = this;
    let at = from;
    let code = bytes[at] ?? 0;
    if (code !== 0x5b && code !== 0x28) {
      while (at < end && isNameByte(bytes[at] ?? 0)) at += 1;
      if (at === from || bytes[at] !== 0x20) return -1;
      at += 1;
      code = bytes[at] ?? 0;
    }
    if (code === 0x28) {
      at += 1;
      while (at < end) {
        code = bytes[at] ?? 0;
        if (code === 0x29 || code === 0x28 || isSpace(code)) break;
        if (code === 0x5b) this.brackets += 1;
        at += 1;
      }
      if (bytes[at] !== 0x29 || bytes[at + 1] !== 0x20) return -1;
      at += 2;
    }
    if (bytes[at] !== 0x5b) return -1;
    at += 1;
    this.brackets += 1;
    this.literalAt = at;
    at = this.#literal(at, end);
    if (at === -1) return -1;
    this.literalEnd = at;
    at = this.#port(at + 1, end);
    // ` I=[interface]:port`
    if (bytes[at] === 0x20 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x3d && bytes[at + 3] === 0x5b) {
      this.brackets += 1;
      const close = this.#literal(at + 4, end);
      if (close === -1) return -1;
      at = this.#port(close + 1, end);
    }
    // Ident and connection id are for the full parser: ` U=…`, ` Ci=…`.
    if (bytes[at] !== 0x20) return at;
    const next = bytes[at + 1];
    if (next === 0x55 && bytes[at + 2] === 0x3d) return -1;
    return next === 0x43 && bytes[at + 2] === 0x69 && bytes[at + 3] === 0x3d ? -1 : at;
  }

  #literal(from: number, end: number): number {
    const { bytes } = this;
    let at = from;
    while (at < end) {
      const code = bytes[at] ?? 0;
      if (code === 0x5d) return at;
      if (code === 0x5b || isSpace(code)) return -1;
      at += 1;
    }
    return -1;
  }

  #port(from: number, end: number): number {
    if (this.bytes[from] !== 0x3a) return from;
    let at = from + 1;
    while (at < end && isWordByte(this.bytes[at] ?? 0)) at += 1;
    return at === from + 1 ? from : at;
  }

  /** Whether `text` stands at `at`, and not beyond `end`. */
  has(text: Uint8Array, at: number, end: number): boolean {
    const { bytes } = this;
    const { length } = text;
    if (at + length > end) return false;
    for (let place = 0; place < length; place += 1) if (bytes[at + place] !== text[place]) return false;
    return true;
  }
}

/** `2026-11-23 08:53:00` */
function isTime(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d || bytes[at + 10] !== 0x20) return false;
  if (bytes[at + 13] !== 0x3a || bytes[at + 16] !== 0x3a) return false;
  return (
    isDigit(bytes[at]) &&
    isDigit(bytes[at + 1]) &&
    isDigit(bytes[at + 2]) &&
    isDigit(bytes[at + 3]) &&
    isDigit(bytes[at + 5]) &&
    isDigit(bytes[at + 6]) &&
    isDigit(bytes[at + 8]) &&
    isDigit(bytes[at + 9]) &&
    isDigit(bytes[at + 11]) &&
    isDigit(bytes[at + 12]) &&
    isDigit(bytes[at + 14]) &&
    isDigit(bytes[at + 15]) &&
    isDigit(bytes[at + 17]) &&
    isDigit(bytes[at + 18])
  );
}

export function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 0x30 && code <= 0x39;
}

function isAlphanumeric(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function isWordByte(code: number): boolean {
  return isAlphanumeric(code) || code === 0x5f;
}

/** What a verified host name is made of; anything else is left to the full parser. */
function isNameByte(code: number): boolean {
  return isWordByte(code) || code === 0x2e || code === 0x2d;
}

/** White space of JavaScript's \s below 0x80; above, the line is decoded anyway. */
export function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code >= 0x80;
}
