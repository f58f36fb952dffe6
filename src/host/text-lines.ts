/**
 * The lines of a log as bytes, as fast as they can be had: in blocks of whole lines. A line longer than a block
 * is cut there.
 */
import { ok, type Result } from '../base/result.ts';
import type { LogFile } from './log-file.ts';

/** `encoding` is a label of the WHATWG encoding standard; undefined if it is none. Bytes that it does not know become U+FFFD. */
export function textDecoder(encoding: string): ((bytes: Uint8Array) => string) | undefined {
  try {
    const decoder = new TextDecoder(encoding, { ignoreBOM: true });
    return (bytes) => decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Fills `block` again and again but for its last byte; `use` is told how many of its bytes are lines, each ended by a newline. */
export async function eachBlock(
  file: LogFile,
  block: Uint8Array,
  use: (filled: number) => void,
): Promise<Result<void>> {
  const size = block.length - 1;
  let kept = 0;
  const flush = (filled: number, isEnd: boolean): void => {
    const newline = block.lastIndexOf(0x0a, filled - 1);
    const isCut = newline === -1 && filled === size;
    const to = isEnd || isCut ? filled : newline + 1;
    kept = filled - to;
    if (to === 0) return;
    if (newline === to - 1) use(to);
    else {
      // The last line of a log, or a piece of one: the byte behind it is kept over.
      const behind = block[to] ?? 0;
      block[to] = 0x0a;
      use(to + 1);
      block[to] = behind;
    }
    block.copyWithin(0, to, filled);
  };
  if (file.kind === 'plain') {
    for (let position = 0; ; ) {
      const got = file.read(block.subarray(kept, size), position);
      if (got === 0) break;
      position += got;
      flush(kept + got, false);
    }
    if (kept > 0) flush(kept, true);
    const read = file.problem();
    file.close();
    return read.ok ? ok() : read;
  }
  const read = await file.each((chunk) => {
    for (let taken = 0; taken < chunk.length; ) {
      const fits = Math.min(chunk.length - taken, size - kept);
      block.set(chunk.subarray(taken, taken + fits), kept);
      taken += fits;
      kept += fits;
      if (kept === size) flush(kept, false);
    }
  });
  if (kept > 0) flush(kept, true);
  return read;
}
