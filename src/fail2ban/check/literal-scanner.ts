/**
 * Finds the lines of a block of bytes, and whose literals each of them holds (assembly/literals.ts). Each
 * literal belongs to one of at most 63 owners; an answer is a mask of two words with a bit for each.
 */
import { checkout } from '../../host/checkout.ts';
import { readProgram } from '../../host/read-program.ts';
import * as memory from './literal-memory.ts';

export interface LiteralScanner {
  /** The caller fills it from the start, with whole lines. */
  readonly block: Uint8Array;
  /**
   * Looks at the first `length` bytes of the block from `from` on, where a line begins. Returns how many lines
   * end there, no more than `lines` can hold.
   */
  readonly scan: (from: number, length: number) => number;
  /** Three words a line: the offset of its newline, owners 0 to 31, owners 32 to 62. */
  readonly lines: Int32Array;
}

/** In the third word of a line: it is not ASCII alone. */
export const notAscii: number = -0x8000_0000;

export const mostOwners = 63;

const buckets = 8;

/** Whether there is room for the literals of each owner, and each is of ASCII and two characters at least. */
export function canScan(owners: readonly (readonly string[])[]): boolean {
  const literals = owners.flat();
  const size = literals.reduce((sum, text) => sum + text.length, 0);
  return (
    owners.length <= mostOwners &&
    literals.length <= memory.mostLiterals &&
    size <= memory.textsSize &&
    // oxlint-disable-next-line no-control-regex -- all of ASCII is meant
    literals.every((text) => /^[\x01-\x7f]{2,}$/.test(text))
  );
}

/** For literals that can be scanned. */
export function literalScanner(owners: readonly (readonly string[])[]): LiteralScanner {
  const literals = owners.flatMap((texts, owner) => texts.map((text) => ({ text, owner })));
  program ??= readProgram(`${checkout}/src/fail2ban/check/literals.wasm`);
  const { exports } = new WebAssembly.Instance(program, {});
  const { buffer } = exports['memory'] as WebAssembly.Memory;
  fill(buffer, literals);
  const { scan } = exports as unknown as LiteralScanner;
  return {
    block: new Uint8Array(buffer, memory.blockAt, memory.blockSize + 1),
    lines: new Int32Array(buffer, memory.linesAt, memory.mostLines * 3),
    scan,
  };
}

let program: WebAssembly.Module | undefined;

interface Owned {
  readonly text: string;
  readonly owner: number;
}

/** Literals that begin alike share a bucket, so that few buckets are looked into at any place. */
function fill(buffer: ArrayBuffer, literals: readonly Owned[]): void {
  const sorted = literals.toSorted((one, other) => (one.text < other.text ? -1 : 1));
  const heads = [...new Set(sorted.map(head))];
  const tables = new Uint8Array(buffer, memory.tablesAt, 96);
  const bounds = new Int32Array(buffer, memory.bucketsAt, buckets * 2);
  const records = new Int32Array(buffer, memory.literalsAt, sorted.length * 4);
  const texts = new Uint8Array(buffer, memory.textsAt, memory.textsSize);
  let at = 0;
  for (const [place, { text, owner }] of sorted.entries()) {
    const bucket = Math.floor((heads.indexOf(head({ text, owner })) * buckets) / heads.length);
    if (bounds[bucket * 2 + 1] === 0) bounds[bucket * 2] = place;
    bounds[bucket * 2 + 1] = place + 1;
    records.set(
      [memory.textsAt + at, text.length, owner < 32 ? 1 << owner : 0, owner < 32 ? 0 : 1 << (owner - 32)],
      place * 4,
    );
    for (let character = 0; character < text.length; character += 1) {
      const code = text.charCodeAt(character);
      texts[at + character] = code;
      if (character < 3) accept(tables, character, bucket, code & 15, code >> 4);
    }
    // A third byte may be any.
    if (text.length === 2) for (let half = 0; half < 16; half += 1) accept(tables, 2, bucket, half, half);
    at += text.length;
  }
}

function head({ text }: Owned): string {
  return text.slice(0, 3);
}

function accept(tables: Uint8Array, position: number, bucket: number, low: number, high: number): void {
  const [lows, highs] = [position * 32 + low, position * 32 + 16 + high];
  tables[lows] = (tables[lows] ?? 0) | (1 << bucket);
  tables[highs] = (tables[highs] ?? 0) | (1 << bucket);
}
