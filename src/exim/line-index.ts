/**
 * Where the lines of a block end, and how many `[` each holds: the prefilter of the scanner, as a
 * WebAssembly module that looks at 16 bytes at a time. A line with one bracket can only be read with
 * one host; that is what lets most lines be judged without being decoded (scan-line.ts).
 *
 * Measured against a loop in JavaScript over the same bytes: docs/decisions/0021.
 *
 * The module is assembled here, by hand: it is 60 instructions, and a compiler for them would be the
 * larger dependency. `scan-line.test.ts` compares it with a plain loop on random bytes.
 */

/** Memory of one scanner: the block, then the index that the module writes. */
export interface LineIndex {
  /** The block; the caller fills it from the start. Holds `capacity` bytes and 16 spare ones. */
  readonly bytes: Uint8Array;
  /** Pairs: offset of the newline, number of `[` in the line before it. */
  readonly lines: Uint32Array;
  /** Indexes the first `length` bytes. Returns how many newlines they hold. */
  index(length: number): number;
}

const page = 65_536;

export function createLineIndex(capacity: number): LineIndex {
  const blockPages = Math.ceil((capacity + 16) / page);
  // Two words a line; a line has a newline at least, so in the worst case eight bytes a byte.
  const indexPages = Math.ceil((capacity * 8) / page);
  const memory = new WebAssembly.Memory({ initial: blockPages + indexPages });
  const instance = new WebAssembly.Instance(lineModule(), { e: { m: memory } });
  const run = instance.exports['i'] as (end: number, out: number) => number;
  const start = blockPages * page;
  const bytes = new Uint8Array(memory.buffer, 0, capacity + 16);
  return {
    bytes,
    lines: new Uint32Array(memory.buffer, start, capacity * 2),
    index: (length) => {
      bytes.fill(0, length, length + 16);
      return (run(length, start) - start) / 8;
    },
  };
}

let compiled: WebAssembly.Module | undefined;

function lineModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(assemble());
  return compiled;
}

const i32 = 0x7f;
const v128 = 0x7b;
const empty = 0x40;

/** Locals of the function: two parameters, then its own. */
const [end, out, at, newlines, brackets, count, below] = [0, 1, 2, 3, 4, 5, 6] as const;
const [newline, bracket, block] = [7, 8, 9] as const;

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];
const constant = (value: number): number[] => [0x41, value];
const simd = (operation: number): number[] => [0xfd, ...unsigned(operation)];
const store = (offset: number): number[] => [0x36, 2, offset];
const [add, subtract, and, exclusiveOr, shiftLeft] = [0x6a, 0x6b, 0x71, 0x73, 0x74];
const [trailingZeros, ones, lessThan] = [0x68, 0x69, 0x49];
const [loop, ifThen, endBlock, branchIf] = [0x03, 0x04, 0x0b, 0x0d];
const [splat, equal, bitmask] = [0x0f, 0x23, 0x64];

/** (end, out) → the place after the last pair written. */
const body: readonly number[] = [
  ...[...constant(10), ...simd(splat), ...set(newline)],
  ...[...constant(0xdb), 0x00, ...simd(splat), ...set(bracket)], // '[' is 0x5b: 0xdb 0x00 as a signed number
  ...[loop, empty],
  ...[...get(at), ...simd(0), 0, 0, ...tee(block)],
  ...[...get(newline), ...simd(equal), ...simd(bitmask), ...set(newlines)],
  ...[...get(block), ...get(bracket), ...simd(equal), ...simd(bitmask), ...set(brackets)],
  ...[...get(newlines), ifThen, empty, loop, empty],
  // below = the bits before the lowest newline
  ...[...constant(1), ...get(newlines), trailingZeros, shiftLeft, ...constant(1), subtract, ...set(below)],
  ...[...get(out), ...get(at), ...get(newlines), trailingZeros, add, ...store(0)],
  ...[...get(out), ...get(count), ...get(brackets), ...get(below), and, ones, add, ...store(4)],
  ...[...get(out), ...constant(8), add, ...set(out)],
  // 0x7f is -1 as a signed number: brackets = brackets & ~below
  ...[...get(brackets), ...get(below), ...constant(0x7f), exclusiveOr, and, ...set(brackets)],
  ...[...constant(0), ...set(count)],
  ...[...get(newlines), ...get(newlines), ...constant(1), subtract, and, ...tee(newlines)],
  ...[branchIf, 0, endBlock, endBlock],
  ...[...get(count), ...get(brackets), ones, add, ...set(count)],
  ...[...get(at), ...constant(16), add, ...tee(at), ...get(end), lessThan, branchIf, 0],
  ...[endBlock, ...get(out), endBlock],
];

function assemble(): Uint8Array<ArrayBuffer> {
  const locals = [2, 5, i32, 3, v128];
  const code = [...locals, ...body];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, i32, i32, 1, i32]),
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
