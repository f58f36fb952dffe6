/** One thread's share of counting a log: the pieces that it took. */
import type { Problem } from '../base/problem.ts';
import { openLog } from '../host/log-file.ts';
import type { Take } from '../host/threads.ts';
import { LineBlocks } from './line-blocks.ts';
import { createLineScanner } from './line-scanner.ts';
import { logContext } from './log-context.ts';
import { StatsBlock, type StatsCounts } from './stats-block.ts';

export interface StatsJob {
  readonly path: string;
  readonly size: number;
  readonly piece: number;
  readonly junkHelo: boolean;
  readonly program: WebAssembly.Module;
}

export interface StatsPart {
  readonly counts: StatsCounts;
  readonly bytes: number;
  readonly problem?: Problem;
}

export function work({ path, size, piece, junkHelo, program }: StatsJob, take: Take): StatsPart {
  const counter = createCounter(junkHelo, program);
  const opened = openLog(path);
  if (!opened.ok) return { counts: counter.counts(), bytes: 0, problem: opened.problem };
  const file = opened.value;
  if (file.kind !== 'plain') throw new Error(`${path} was a plain file a moment ago`);
  let bytes = 0;
  for (let number = take(); number * piece < size; number = take()) {
    counter.piece(number);
    const from = number * piece;
    const to = Math.min(from + piece, size);
    bytes += Math.max(0, Math.min(counter.blocks.range(file.read, from, to), to) - from);
  }
  const read = file.problem();
  file.close();
  return { counts: counter.counts(), bytes, ...(read.ok ? {} : { problem: read.problem }) };
}

export interface Counter {
  readonly blocks: LineBlocks;
  /** Says which piece the next blocks are of. */
  piece(number: number): void;
  counts(): StatsCounts;
}

export function createCounter(junkHelo: boolean, program?: WebAssembly.Module): Counter {
  const scanner = createLineScanner(program);
  const stats = new StatsBlock(scanner, logContext({ timeZone: 'UTC', junkHelo }));
  let current = 0;
  const blocks = new LineBlocks(scanner, (from, count) => stats.count(from, count, current));
  return {
    blocks,
    piece: (number) => {
      current = number;
    },
    counts: () => stats.counts(),
  };
}
