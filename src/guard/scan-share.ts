/** One thread's share of scanning a log: the pieces that it took, judged by the guard's rules. */
import type { Problem } from '../base/problem.ts';
import { AddressSet, type AddressParts } from '../exim/address-set.ts';
import type { LogEvent } from '../exim/event.ts';
import { LineBlocks } from '../exim/line-blocks.ts';
import { createLineScanner } from '../exim/line-scanner.ts';
import { logContext } from '../exim/log-context.ts';
import { BlockScan, decode, type ScanCounts } from '../exim/scan-block.ts';
import { openLog } from '../host/log-file.ts';
import type { Take } from '../host/threads.ts';
import { sightingOf } from './sighting.ts';
import type { SightingKind } from './sighting-kind.ts';

export interface ScanJob {
  readonly path: string;
  readonly size: number;
  /** Bytes of a piece. */
  readonly piece: number;
  readonly junkHelo: boolean;
  readonly rule: SightingKind | undefined;
  readonly program: WebAssembly.Module;
}

export interface ScanPart {
  readonly lines: number;
  readonly bytes: number;
  readonly events: ReadonlyMap<string, number>;
  readonly rules: ReadonlyMap<string, number>;
  readonly addresses: AddressParts;
  readonly problem?: Problem;
}

export function work({ path, size, piece, junkHelo, rule, program }: ScanJob, take: Take): ScanPart {
  const scanner = createScanner(junkHelo, rule, program);
  const opened = openLog(path);
  if (!opened.ok) return { ...partOf(scanner.counts(), 0), problem: opened.problem };
  const file = opened.value;
  if (file.kind !== 'plain') throw new Error(`${path} was a plain file a moment ago`);
  let bytes = 0;
  for (let from = take() * piece; from < size; from = take() * piece) {
    const to = Math.min(from + piece, size);
    // The last line of a piece may reach into the next: what counts is how much of this one was there.
    bytes += Math.max(0, Math.min(scanner.blocks.range(file.read, from, to), to) - from);
  }
  const read = file.problem();
  file.close();
  return { ...partOf(scanner.counts(), bytes), ...(read.ok ? {} : { problem: read.problem }) };
}

export interface Scanner {
  readonly blocks: LineBlocks;
  counts(): ScanCounts;
}

export function createScanner(
  junkHelo: boolean,
  rule: SightingKind | undefined,
  program?: WebAssembly.Module,
): Scanner {
  const addresses = new AddressSet();
  const scanner = createLineScanner(program, (from, end) => {
    addresses.addText(decode(scanner.bytes, from, end));
  });
  const context = logContext({ timeZone: 'UTC', junkHelo });
  const judge = (event: LogEvent, line: string): SightingKind | undefined => {
    const kind = sightingOf(event, line)?.kind;
    return rule === undefined || kind === rule ? kind : undefined;
  };
  const scan = new BlockScan(scanner, context, judge, addresses);
  const blocks = new LineBlocks(scanner, (from, count) => scan.scan(from, count));
  return { blocks, counts: () => scan.counts() };
}

export function partOf(counts: ScanCounts, bytes: number): ScanPart {
  const { lines, events, rules } = counts;
  return { lines, bytes, events, rules, addresses: counts.addresses.parts() };
}
