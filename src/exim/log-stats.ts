/** A log in figures: events by kind, hours, the busiest peers, and mail as eximstats counts it. */
import type { Problem } from '../base/problem.ts';
import { openLog, type StreamedLog } from '../host/log-file.ts';
import { shareOut } from '../host/threads.ts';
import { foreignLog } from './foreign-log.ts';
import { lineProgram } from './line-scanner.ts';
import { MailCounts, type MailTotals } from './mail-counts.ts';
import type { HourCounts } from './stats-block.ts';
import type { StatsJob, StatsPart } from './stats-share.ts';
import { shrunk } from './unread.ts';
import { ownModule } from '../host/own-module.ts';

export interface LogStats extends MailTotals {
  readonly lines: number;
  readonly bytes: number;
  readonly events: Readonly<Record<string, number>>;
  /** In the time of the log. */
  readonly hours: readonly ({ readonly hour: string } & HourCounts)[];
  readonly peers: readonly { readonly peer: string; readonly lines: number }[];
  readonly problems: readonly Problem[];
}

export interface StatsOptions {
  readonly junkHelo: boolean;
  /** How many of the busiest peers. */
  readonly top: number;
  readonly progress?: (bytes: number) => void;
}

const pieceSize = 8 * 1024 * 1024;

export async function logStats(paths: readonly string[], options: StatsOptions): Promise<LogStats> {
  const total = new Total();
  for (const [number, path] of paths.entries()) await countOne(path, number, options, total);
  return total.stats(options.top);
}

async function countOne(path: string, number: number, options: StatsOptions, total: Total): Promise<void> {
  const opened = openLog(path);
  if (!opened.ok) {
    total.problems.push(opened.problem);
    return;
  }
  const file = opened.value;
  if (file.kind === 'stream') {
    await countStream(file, number, options, total);
    return;
  }
  const { size } = file;
  const { junkHelo, progress } = options;
  const job: StatsJob = { path, size, piece: pieceSize, junkHelo, program: lineProgram() };
  let told = 0;
  const parts = await shareOut<StatsJob, StatsPart>(job, {
    module: ownModule('exim/stats-share'),
    load: async () => await import('./stats-share.ts'),
    pieces: Math.ceil(size / pieceSize),
    taken: (taken) => {
      const now = Math.min(taken * pieceSize, size);
      progress?.(now - told);
      told = now;
    },
  });
  for (const part of parts) total.add(part);
  const read = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  if (read < size && parts.every(({ problem }) => problem === undefined))
    total.problems.push(shrunk(path, read, size));
  const foreign = foreignLog(
    file,
    parts.map(({ counts }) => counts.events),
  );
  if (foreign !== undefined) total.problems.push(foreign);
  file.close();
}

async function countStream(
  file: StreamedLog,
  number: number,
  options: StatsOptions,
  total: Total,
): Promise<void> {
  const { createCounter } = await import('./stats-share.ts');
  const counter = createCounter(options.junkHelo);
  counter.piece(-1 - number);
  let told = 0;
  let bytes = 0;
  const read = await file.each((chunk) => {
    bytes += chunk.length;
    counter.blocks.push(chunk);
    options.progress?.(file.taken() - told);
    told = file.taken();
  });
  counter.blocks.end();
  total.add({ counts: counter.counts(), bytes });
  if (!read.ok) total.problems.push(read.problem);
}

class Total {
  readonly problems: Problem[] = [];
  readonly #events = new Map<string, number>();
  readonly #hours = new Map<string, HourCounts>();
  readonly #peers = new Map<string, number>();
  readonly #mail = new MailCounts();
  #lines = 0;
  #bytes = 0;

  add({ counts, bytes, problem }: StatsPart): void {
    this.#lines += counts.lines;
    this.#bytes += bytes;
    this.#mail.merge(counts.mail);
    for (const [kind, count] of counts.events) this.#events.set(kind, (this.#events.get(kind) ?? 0) + count);
    for (const [peer, count] of counts.peers) this.#peers.set(peer, (this.#peers.get(peer) ?? 0) + count);
    for (const [name, { lines, received, delivered, rejected }] of counts.hours) {
      const hour = this.#hours.get(name) ?? { lines: 0, received: 0, delivered: 0, rejected: 0 };
      this.#hours.set(name, {
        lines: hour.lines + lines,
        received: hour.received + received,
        delivered: hour.delivered + delivered,
        rejected: hour.rejected + rejected,
      });
    }
    if (problem !== undefined) this.problems.push(problem);
  }

  stats(top: number): LogStats {
    return {
      lines: this.#lines,
      bytes: this.#bytes,
      ...this.#mail.totals(),
      events: Object.fromEntries([...this.#events].toSorted(([, a], [, b]) => b - a)),
      hours: [...this.#hours]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([hour, counts]) => ({ hour, ...counts })),
      peers: [...this.#peers]
        .toSorted(([peer, lines], [other, more]) => more - lines || (peer < other ? -1 : 1))
        .slice(0, top)
        .map(([peer, lines]) => ({ peer, lines })),
      problems: this.problems,
    };
  }
}
