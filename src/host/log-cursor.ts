/**
 * How far a log has been read, line by line. It takes the bytes as they come and hands over whole lines; a
 * partial last line waits for its rest; one longer than `longestLine` is cut there and its rest is dropped.
 *
 * It knows the place behind the last line that was handed over by more than a number: by the bytes before it
 * and by the first bytes of the log, so that another log of the same size is told from this one.
 */

export interface LogPlace {
  /** Bytes before it. */
  readonly offset: number;
  /** The log's first bytes, and those right before the place; latin1, one character a byte. */
  readonly head: string;
  readonly tail: string;
  /** It is within a line that was cut. */
  readonly within?: boolean;
}

export const beginning: LogPlace = { offset: 0, head: '', tail: '' };

const longestLine = 65_536;
/** A line's time, and most of what makes it unlike others. */
const markBytes = 128;
const newline = 10;
const nothing = Buffer.alloc(0);

export class LogCursor {
  #offset: number;
  #head: Buffer;
  #tail: Buffer;
  #partial: Buffer = nothing;
  #within: boolean;

  constructor(place: LogPlace = beginning) {
    this.#offset = place.offset;
    this.#head = Buffer.from(place.head, 'latin1');
    this.#tail = Buffer.from(place.tail, 'latin1');
    this.#within = place.within ?? false;
  }

  /** Behind the last line that was handed over. */
  get place(): LogPlace {
    return {
      offset: this.#offset,
      head: this.#head.toString('latin1'),
      tail: this.#tail.toString('latin1'),
      ...(this.#within ? { within: true } : {}),
    };
  }

  /** The first bytes behind the place that have been taken: of a partial line. */
  get pending(): string {
    return this.#partial.toString('latin1', 0, markBytes);
  }

  /** Where the next bytes have to come from. */
  get next(): number {
    return this.#offset + this.#partial.length;
  }

  /**
   * Takes the bytes from `next` on. They may be used again afterwards. `place` is right before and after
   * this, not while lines are handed over.
   */
  take(chunk: Buffer, onLine: (line: string) => void): void {
    const before = this.#partial;
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const rest = chunk.subarray(start, end);
      start = end + 1;
      const line = this.#partial.length === 0 ? rest : Buffer.concat([this.#partial, rest]);
      this.#partial = nothing;
      if (this.#within) this.#within = false;
      else onLine(line.toString('utf8', 0, longestLine));
    }
    if (start < chunk.length) this.#partial = Buffer.concat([this.#partial, chunk.subarray(start)]);
    if (this.#partial.length > longestLine) {
      if (!this.#within) onLine(this.#partial.toString('utf8', 0, longestLine));
      this.#within = true;
    }
    // The rest of a line that was cut is of no use.
    if (this.#within) this.#partial = nothing;
    this.#pass(before, chunk, before.length + chunk.length - this.#partial.length);
  }

  /** So many of the bytes have been passed, first those of `before`. */
  #pass(before: Buffer, chunk: Buffer, count: number): void {
    const passed = (from: number): Buffer =>
      from >= before.length
        ? chunk.subarray(from - before.length, count - before.length)
        : Buffer.concat([before, chunk]).subarray(from, count);
    if (this.#head.length < markBytes && this.#head.length === this.#offset) {
      const first = passed(0).subarray(0, markBytes - this.#head.length);
      this.#head = Buffer.concat([this.#head, first]);
    }
    const last = passed(Math.max(0, count - markBytes));
    const tail = last.length < markBytes ? Buffer.concat([this.#tail, last]) : last;
    this.#tail = Buffer.from(tail.subarray(Math.max(0, tail.length - markBytes)));
    this.#offset += count;
  }
}
