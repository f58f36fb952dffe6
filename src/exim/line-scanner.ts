/**
 * The scanner of log lines: a block of bytes, and the WebAssembly program that finds its lines, tells
 * their shapes and counts them (assembly/, docs/decisions/0022-scanner-in-webassembly.md). One thread
 * has one scanner; the compiled program may be shared.
 */
import { readProgram } from '../host/read-program.ts';
import * as memory from './scanner-memory.ts';
import { checkout } from '../host/checkout.ts';

export interface LineScanner {
  /** The block; the caller fills it from the start. Holds `blockSize` bytes and some spare ones. */
  readonly bytes: Uint8Array;
  /** Pairs: offset of the newline, number of `[` in the line before it. */
  readonly lines: Int32Array;
  /** What is known of the line that was looked at last: shapes of line-shape.ts. */
  readonly fields: Int32Array;
  /** Indexes the first `length` bytes. Returns how many newlines they hold. */
  readonly index: (length: number) => number;
  /** The first byte from `from` on that may end a word: control, space, `" ( ) : = [ ]`, above ASCII. */
  readonly next: (from: number) => number;
  /** The number of the shape of a line; 0 where it has none. */
  readonly shape: (from: number, end: number, brackets: number) => number;
  /** Counts lines by their classes (line-classes.ts); stops at one of no class. */
  readonly scan: (first: number, count: number, from: number) => number;
  /** How many lines since the last call were second copies of an entry in syslog, and not counted. */
  readonly takeCopies: () => number;
  /** How many addresses wait in `fresh`, which is then free again. */
  readonly takeFresh: () => number;
  /** IPv4 addresses of lines that were counted with their peers, some of them told before. */
  readonly fresh: Int32Array;
  /** The first class of each shape, by number. */
  readonly classOfShape: Int32Array;
  /** Records of classes, `classSize` bytes each. */
  readonly classes: DataView;
}

let compiled: WebAssembly.Module | undefined;

export function lineProgram(): WebAssembly.Module {
  compiled ??= readProgram(`${checkout}/src/exim/line-scanner.wasm`);
  return compiled;
}

/** `otherPeer` is told where a peer stands that is no IPv4 address, of a line that is counted with its peer. */
export function createLineScanner(
  program: WebAssembly.Module = lineProgram(),
  otherPeer: (from: number, end: number) => void = () => undefined,
): LineScanner {
  const { exports } = new WebAssembly.Instance(program, { judge: { otherPeer } });
  const { buffer } = exports['memory'] as WebAssembly.Memory;
  const { index, next, shape, scan, takeCopies, takeFresh } = exports as unknown as LineScanner;
  return {
    bytes: new Uint8Array(buffer, memory.blockAt, memory.blockSize + memory.spare),
    lines: new Int32Array(buffer, memory.linesAt, (memory.classesAt - memory.linesAt) / 4),
    fields: new Int32Array(buffer, memory.fieldsAt, 12),
    fresh: new Int32Array(buffer, memory.freshAt, (memory.memorySize - memory.freshAt) / 4),
    classOfShape: new Int32Array(buffer, memory.classOfShapeAt, 64),
    classes: new DataView(buffer, memory.classesAt, memory.classSize * memory.classCount),
    index,
    next,
    shape,
    scan,
    takeCopies,
    takeFresh,
  };
}
