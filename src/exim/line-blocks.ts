/**
 * Cuts bytes into blocks of whole lines and indexes them: a byte range of a file, so that several
 * threads can share one, or a stream of chunks. A line is in the range that its first byte lies in. A
 * line longer than a block is cut there; its rest counts as lines of their own.
 */
import type { LineScanner } from './line-scanner.ts';
import { blockSize } from './scanner-memory.ts';

/** Told of lines `from` on, `count` of them, in the index; returns where the next line would start. */
export type UseBlock = (from: number, count: number) => number;

const newline = 0x0a;

/** Longer than almost every line. */
const slack = 4096;

export class LineBlocks {
  readonly #scanner: LineScanner;
  readonly #use: UseBlock;
  /** Bytes of a line that has not ended yet, at the start of the block. */
  #kept = 0;

  constructor(scanner: LineScanner, use: UseBlock) {
    this.#scanner = scanner;
    this.#use = use;
  }

  /**
   * The lines that start in [from, to). `read` fills the given bytes from a position of the file and
   * returns how many it had, 0 at the end. Returns the position after the last byte that was seen.
   */
  range(read: (into: Uint8Array, position: number) => number, from: number, to: number): number {
    const block = this.#scanner.bytes.subarray(0, blockSize);
    let position = from === 0 ? 0 : firstLine(read, block.subarray(0, slack), from);
    while (position < to) {
      // The last block of a range ends soon after it; what lies behind is another's.
      const wanted = Math.min(blockSize, to - position + slack);
      let got = read(block.subarray(0, wanted), position);
      if (got <= 0) break;
      let count = this.#scanner.index(got);
      if (count === 0 && wanted < blockSize) {
        got = read(block, position);
        count = this.#scanner.index(got);
      }
      if (count === 0) {
        // The end of the file without a newline, or a line longer than a block.
        this.#close(got);
        this.#use(0, 1);
        position += got;
        continue;
      }
      position += this.#use(
        0,
        position + got > to ? linesBefore(this.#scanner.lines, count, to - position) : count,
      );
    }
    return position;
  }

  /** The next bytes of a stream. */
  push(chunk: Uint8Array): void {
    const { bytes } = this.#scanner;
    let taken = 0;
    while (taken < chunk.length) {
      const fits = Math.min(chunk.length - taken, blockSize - this.#kept);
      bytes.set(chunk.subarray(taken, taken + fits), this.#kept);
      taken += fits;
      const filled = this.#kept + fits;
      if (filled < blockSize) {
        this.#kept = filled;
        return;
      }
      this.#flush(filled);
    }
  }

  /** The end of a stream: a last line without newline is a line. */
  end(): void {
    this.#flush(this.#kept);
    if (this.#kept === 0) return;
    this.#close(this.#kept);
    this.#use(0, 1);
    this.#kept = 0;
  }

  #flush(filled: number): void {
    const { bytes } = this.#scanner;
    const count = this.#scanner.index(filled);
    if (count === 0 && filled === blockSize) {
      this.#close(filled);
      this.#use(0, 1);
      this.#kept = 0;
      return;
    }
    const start = count === 0 ? 0 : this.#use(0, count);
    bytes.copyWithin(0, start, filled);
    this.#kept = filled - start;
  }

  /** Ends the line in the first `length` bytes; the spare bytes behind the block have room for it. */
  #close(length: number): void {
    this.#scanner.bytes[length] = newline;
    this.#scanner.index(length + 1);
  }
}

/** Where the first line starts that starts at or after `from`. */
function firstLine(
  read: (into: Uint8Array, position: number) => number,
  buffer: Uint8Array,
  from: number,
): number {
  for (let position = from - 1; ; ) {
    const got = read(buffer, position);
    if (got <= 0) return Number.MAX_SAFE_INTEGER;
    const at = buffer.subarray(0, got).indexOf(newline);
    if (at !== -1) return position + at + 1;
    position += got;
  }
}

/** How many lines start before `limit`. */
function linesBefore(lines: Int32Array, count: number, limit: number): number {
  let low = 1;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[(middle - 1) * 2] ?? 0) + 1 < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
