/**
 * The lines of a log as text, as fast as they can be had: in blocks, each told to be ASCII alone or not. Bytes
 * that the encoding does not know become U+FFFD; a line longer than a block is cut there.
 */
import { isAscii } from 'node:buffer';
import { ok, type Result } from '../base/result.ts';
import type { LogFile } from './log-file.ts';

/** Told each block of whole lines: `text` from `start` to `end`, where every line ends with a newline. */
export type UseText = (text: string, ascii: boolean) => void;

/** Longer strings would have pages of their own, which cost more than reading. */
const blockSize = 64 * 1024;

/** `encoding` is a label of the WHATWG encoding standard; undefined if it is none. */
export function textDecoder(encoding: string): ((bytes: Uint8Array) => string) | undefined {
  try {
    const decoder = new TextDecoder(encoding, { ignoreBOM: true });
    return (bytes) => decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

export async function eachText(
  file: LogFile,
  decode: (bytes: Uint8Array) => string,
  use: UseText,
): Promise<Result<void>> {
  const block = Buffer.allocUnsafe(blockSize);
  let kept = 0;
  const flush = (filled: number, isEnd: boolean): void => {
    const bytes = block.subarray(0, filled);
    const newline = bytes.lastIndexOf(0x0a);
    const to = newline === -1 ? (isEnd || filled === blockSize ? filled : 0) : isEnd ? filled : newline + 1;
    if (to > 0) {
      const whole = bytes.subarray(0, to);
      const ascii = isAscii(whole);
      const text = ascii ? whole.toString('latin1') : decode(whole);
      use(text.endsWith('\n') ? text : `${text}\n`, ascii);
    }
    block.copyWithin(0, to, filled);
    kept = filled - to;
  };
  if (file.kind === 'plain') {
    for (let position = 0; ; ) {
      const got = file.read(block.subarray(kept), position);
      if (got === 0) break;
      position += got;
      flush(kept + got, false);
    }
    flush(kept, true);
    const read = file.problem();
    file.close();
    return read.ok ? ok() : read;
  }
  const read = await file.each((chunk) => {
    for (let taken = 0; taken < chunk.length; ) {
      const fits = Math.min(chunk.length - taken, blockSize - kept);
      block.set(chunk.subarray(taken, taken + fits), kept);
      taken += fits;
      flush(kept + fits, false);
    }
  });
  flush(kept, true);
  return read;
}
