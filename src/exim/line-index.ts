/**
 * The prefilter of the scanner, a WebAssembly module that looks at 16 bytes at a time. It says where
 * the lines of a block end, how many `[` each holds (a line with one can only be read with one host,
 * and that is what lets most lines be judged without being decoded: line-shape.ts), and where the
 * bytes are that can end a word of the grammar, so that words are skipped, not walked.
 *
 * Measured against a loop in JavaScript over the same bytes: docs/decisions/0021-line-index.md.
 *
 * The module is assembled here, by hand: a compiler for these hundred instructions would be the larger
 * dependency. `line-index.test.ts` compares it with a plain loop.
 */

/** Memory of one scanner: the block, and what the module writes about it. */
export interface LineIndex {
  /** The block; the caller fills it from the start. Holds `capacity` bytes and 64 spare ones. */
  readonly bytes: Uint8Array;
  /** Pairs: offset of the newline, number of `[` in the line before it. */
  readonly lines: Uint32Array;
  /** A bit for each byte: set for control characters, space, `" ( ) : = [ ]` and bytes above ASCII. */
  readonly stops: Int32Array;
  /** Indexes the first `length` bytes. Returns how many newlines they hold. */
  index(length: number): number;
}

const page = 65_536;
const spare = 64;

/** `capacity` in bytes; a multiple of 32. */
export function createLineIndex(capacity: number): LineIndex {
  const stopsAt = roundUp(capacity + spare);
  const linesAt = stopsAt + roundUp((capacity + spare) / 8);
  // Two words a line; a line has a newline at least, so in the worst case eight bytes a byte.
  const memory = new WebAssembly.Memory({ initial: (linesAt + roundUp(capacity * 8)) / page });
  const instance = new WebAssembly.Instance(lineModule(), { e: { m: memory } });
  const run = instance.exports['i'] as (end: number, lines: number, stops: number) => number;
  const bytes = new Uint8Array(memory.buffer, 0, capacity + spare);
  return {
    bytes,
    lines: new Uint32Array(memory.buffer, linesAt, capacity * 2),
    stops: new Int32Array(memory.buffer, stopsAt, (capacity + spare) / 32),
    index: (length) => {
      bytes.fill(0, length, Math.min(length + spare, bytes.length));
      // The spare bytes are indexed as well: they stop whoever looks for the end of the last word.
      return (run(length + 32, linesAt, stopsAt) - linesAt) / 8;
    },
  };
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / page) * page;
}

let compiled: WebAssembly.Module | undefined;

function lineModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(assemble());
  return compiled;
}

const i32 = 0x7f;
const v128 = 0x7b;
const empty = 0x40;

/** Locals of the function: three parameters, then its own. */
const [end, lines, stops, at, newlines, brackets, count, below] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const [newline, bracket, lowTable, highTable, block] = [8, 9, 10, 11, 12] as const;

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];
const constant = (value: number): number[] => [0x41, value];
const simd = (operation: number): number[] => [0xfd, ...unsigned(operation)];
const store = (offset: number): number[] => [0x36, 2, offset];
const store16: readonly number[] = [0x3b, 1, 0];
const [add, subtract, and, or, exclusiveOr, shiftLeft, shiftRight] = [
  0x6a, 0x6b, 0x71, 0x72, 0x73, 0x74, 0x76,
];
const [trailingZeros, ones, lessThan] = [0x68, 0x69, 0x49];
const [loop, ifThen, endBlock, branchIf] = [0x03, 0x04, 0x0b, 0x0d];
const [loadVector, vector, swizzle, splat, equal, notEqual, bothSet, bitmask, shiftLanes] = [
  0x00, 0x0c, 0x0e, 0x0f, 0x23, 0x24, 0x4e, 0x64, 0x6d,
];

/**
 * Which bytes stop a word, by their halves: a byte does if the entry of its high half and that of its
 * low half have a bit in common. Bit 0: control characters. Bit 1: space `" ( )`. Bit 2: `: =`. Bit 3: `[ ]`.
 */
const highHalf = [1, 1, 2, 4, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const lowHalf = [3, 1, 3, 1, 1, 1, 1, 1, 3, 3, 5, 9, 1, 13, 1, 1];

/** (end, lines, stops) → the place after the last pair written to `lines`. */
const body: readonly number[] = [
  [...constant(10), ...simd(splat), ...set(newline)],
  [...constant(0xdb), 0x00, ...simd(splat), ...set(bracket)], // '[' is 0x5b: 0xdb 0x00 as a signed number
  [...simd(vector), ...lowHalf, ...set(lowTable)],
  [...simd(vector), ...highHalf, ...set(highTable)],
  [loop, empty],
  [...get(at), ...simd(loadVector), 0, 0, ...set(block)],
  // stops[at / 8] = bits of the bytes that stop a word; the sign bit says: above ASCII
  [...get(stops), ...get(at), ...constant(3), shiftRight, add],
  [...get(lowTable), ...get(block), ...constant(15), ...simd(splat), ...simd(bothSet), ...simd(swizzle)],
  [...get(highTable), ...get(block), ...constant(4), ...simd(shiftLanes), ...simd(swizzle), ...simd(bothSet)],
  [...constant(0), ...simd(splat), ...simd(notEqual), ...simd(bitmask)],
  [...get(block), ...simd(bitmask), or, ...store16],
  [...get(block), ...get(newline), ...simd(equal), ...simd(bitmask), ...set(newlines)],
  [...get(block), ...get(bracket), ...simd(equal), ...simd(bitmask), ...set(brackets)],
  [...get(newlines), ifThen, empty, loop, empty],
  // below = the bits before the lowest newline
  [...constant(1), ...get(newlines), trailingZeros, shiftLeft, ...constant(1), subtract, ...set(below)],
  [...get(lines), ...get(at), ...get(newlines), trailingZeros, add, ...store(0)],
  [...get(lines), ...get(count), ...get(brackets), ...get(below), and, ones, add, ...store(4)],
  [...get(lines), ...constant(8), add, ...set(lines)],
  // 0x7f is -1 as a signed number: brackets = brackets & ~below
  [...get(brackets), ...get(below), ...constant(0x7f), exclusiveOr, and, ...set(brackets)],
  [...constant(0), ...set(count)],
  [...get(newlines), ...get(newlines), ...constant(1), subtract, and, ...tee(newlines)],
  [branchIf, 0, endBlock, endBlock],
  [...get(count), ...get(brackets), ones, add, ...set(count)],
  [...get(at), ...constant(16), add, ...tee(at), ...get(end), lessThan, branchIf, 0],
  [endBlock, ...get(lines), endBlock],
].flat();

const magic = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

function assemble(): Uint8Array<ArrayBuffer> {
  const locals = [2, 5, i32, 5, v128];
  const code = [...locals, ...body];
  return Uint8Array.from([
    ...magic,
    ...section(1, [1, 0x60, 3, i32, i32, i32, 1, i32]),
    ...section(2, [1, 1, 0x65, 1, 0x6d, 0x02, 0x00, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x69, 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

/** LEB128 */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}
