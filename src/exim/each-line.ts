/** Reads logs line by line, decoded: for what needs the whole of every line that it wants. */
import type { Problem } from '../base/problem.ts';
import { type LogFile, openLog } from '../host/log-file.ts';
import { LineBlocks } from './line-blocks.ts';
import { createLineScanner } from './line-scanner.ts';
import { looksLike } from './looks-like.ts';
import { notExim, shrunk } from './unread.ts';

export interface Line {
  readonly text: string;
  /** Its number in its file, from 1. */
  readonly number: number;
  readonly path: string;
}

export interface ReadLines {
  readonly lines: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
}

export interface EachLineOptions {
  /** Which lines are worth decoding, by their bytes. All, without it. */
  readonly wanted?: (bytes: Uint8Array, from: number, end: number) => boolean;
  readonly progress?: (bytes: number) => void;
  /** Another log than Exim's: not looked at for whether it is one. */
  readonly isOther?: boolean;
}

/** A line of Exim's is 8 KiB at most (log.c); what is longer is cut. */
const longestLine = 65_536;

/** A file that cannot be read is a problem in the answer; the others are read all the same. */
export async function eachLine(
  paths: readonly string[],
  use: (line: Line) => void,
  options: EachLineOptions = {},
): Promise<ReadLines> {
  const problems: Problem[] = [];
  let lines = 0;
  let bytes = 0;
  for (const path of paths) {
    const opened = openLog(path);
    if (!opened.ok) {
      problems.push(opened.problem);
      continue;
    }
    const read = await readFile(opened.value, path, use, options);
    lines += read.lines;
    bytes += read.bytes;
    problems.push(...read.problems);
  }
  return { lines, bytes, problems };
}

async function readFile(
  file: LogFile,
  path: string,
  use: (line: Line) => void,
  { wanted, progress, isOther = false }: EachLineOptions,
): Promise<ReadLines> {
  const problems: Problem[] = [];
  const decode = createDecoder();
  let number = 0;
  let bytes = 0;
  let foreign: string | undefined;
  let isExims = isOther;
  const scanner = createLineScanner();
  const blocks = new LineBlocks(scanner, (from, count) => {
    let start = from;
    for (let line = 0; line < count; line += 1) {
      const end = scanner.lines[line * 2] ?? 0;
      number += 1;
      if (number <= sample && end > start && !isExims) {
        const guess = looksLike(decode(scanner.bytes, start, Math.min(end, start + 400)));
        isExims = guess === undefined;
        foreign ??= guess;
      }
      if (wanted === undefined || wanted(scanner.bytes, start, end)) {
        use({ text: decode(scanner.bytes, start, Math.min(end, start + longestLine)), number, path });
      }
      start = end + 1;
    }
    if (file.kind === 'plain') progress?.(start - from);
    return start;
  });
  if (file.kind === 'stream') {
    let told = 0;
    const read = await file.each((chunk) => {
      bytes += chunk.length;
      blocks.push(chunk);
      progress?.(file.taken() - told);
      told = file.taken();
    });
    blocks.end();
    if (!read.ok) problems.push(read.problem);
  } else {
    bytes = blocks.range(file.read, 0, file.size);
    const read = file.problem();
    if (!read.ok) problems.push(read.problem);
    else if (bytes < file.size) problems.push(shrunk(path, bytes, file.size));
    file.close();
  }
  if (!isExims && foreign !== undefined) problems.push(notExim(path, foreign));
  return { lines: number, bytes, problems };
}

/** Of so many lines at the start of a log, one at least has to be Exim's. */
const sample = 200;

/** UTF-8 where the line is that; else one character a byte, so that nothing is lost. */
function createDecoder(): (bytes: Uint8Array, from: number, end: number) => string {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (bytes, from, end) => {
    const line = bytes.subarray(from, end);
    try {
      return strict.decode(line);
    } catch {
      return String.fromCharCode(...line);
    }
  };
}
