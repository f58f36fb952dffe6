/** What the guard's rules see in logs: events by kind, sightings by rule, distinct addresses. */
import type { Problem } from '../base/problem.ts';
import { AddressSet } from '../exim/address-set.ts';
import { lineProgram } from '../exim/line-scanner.ts';
import { shrunk } from '../exim/unread.ts';
import { openLog, type StreamedLog } from '../host/log-file.ts';
import { shareOut } from '../host/threads.ts';
import type { LineJudge } from './line-judge.ts';
import type { ScanRules } from './scan-rules.ts';
import type { ScanJob, ScanPart } from './scan-share.ts';
import type { Sighting } from './sighting.ts';
import type { SightingKind } from './sighting-kind.ts';
import { ownModule } from '../host/own-module.ts';

export interface ScanReport {
  readonly lines: number;
  readonly bytes: number;
  readonly events: Readonly<Record<string, number>>;
  readonly addresses: number;
  readonly rules: Readonly<Record<string, number>>;
  /** What could not be read; all the rest is counted. */
  readonly problems: readonly Problem[];
}

export interface ScanOptions {
  readonly junkHelo: boolean;
  readonly rules: ScanRules;
  /** Of the kinds of evidence, this one alone. */
  readonly rule?: SightingKind | undefined;
  /** Told of bytes that have been read. */
  readonly progress?: (bytes: number) => void;
}

const pieceSize = 2 * 1024 * 1024;

export async function scanLogs(paths: readonly string[], options: ScanOptions): Promise<ScanReport> {
  const total = new Total();
  for (const path of paths) await scanOne(path, options, total);
  return total.report();
}

async function scanOne(path: string, options: ScanOptions, total: Total): Promise<void> {
  const { rules } = options;
  const judges = rules.judgesOf(path);
  if (judges !== undefined || rules.hasOwn) {
    await scanLines(path, { ...options, judges }, total);
    return;
  }
  const opened = openLog(path);
  if (!opened.ok) {
    total.problems.push(opened.problem);
    return;
  }
  const file = opened.value;
  if (file.kind === 'stream') {
    await scanStream(file, options, total);
    return;
  }
  const { size } = file;
  const { junkHelo, rule, progress } = options;
  const job: ScanJob = { path, size, piece: pieceSize, junkHelo, rule, program: lineProgram() };
  let told = 0;
  const parts = await shareOut<ScanJob, ScanPart>(job, {
    module: ownModule('guard/scan-share'),
    load: async () => await import('./scan-share.ts'),
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
  const { foreignLog } = await import('../exim/foreign-log.ts');
  const foreign = foreignLog(
    file,
    parts.map(({ events }) => events),
  );
  if (foreign !== undefined) total.problems.push(foreign);
  file.close();
}

/** A line at a time, each parsed: for rules that may look at anything in it, and for logs that are not Exim's. */
async function scanLines(
  path: string,
  {
    judges,
    rules: { sightingOf },
    rule,
    junkHelo,
    progress,
  }: ScanOptions & { readonly judges: readonly LineJudge[] | undefined },
  total: Total,
): Promise<void> {
  const [{ eachLine }, { SyslogEntries }, { logContext }] = await Promise.all([
    import('../exim/each-line.ts'),
    import('../exim/syslog-entries.ts'),
    import('../exim/log-context.ts'),
  ]);
  const entries = new SyslogEntries(logContext({ timeZone: 'UTC', junkHelo }));
  const addresses = new AddressSet();
  const events = new Map<string, number>();
  const kinds = new Map<string, number>();
  const note = (sighting: Sighting | undefined): void => {
    if (sighting === undefined || (rule !== undefined && sighting.kind !== rule)) return;
    kinds.set(sighting.kind, (kinds.get(sighting.kind) ?? 0) + 1);
    addresses.addText(sighting.address);
  };
  const seen = (kind: string): void => {
    events.set(kind, (events.get(kind) ?? 0) + 1);
  };
  const { lines, bytes, problems } = await eachLine(
    [path],
    ({ text: line }) => {
      if (judges === undefined) {
        const { event, text } = entries.read(line);
        seen(event.kind);
        note(sightingOf(event, text));
      } else {
        seen('other');
        for (const judge of judges) note(judge(line));
      }
    },
    { isOther: judges !== undefined, ...(progress === undefined ? {} : { progress }) },
  );
  total.add({ lines, bytes, events, rules: kinds, addresses: addresses.parts() });
  total.problems.push(...problems);
}

async function scanStream(
  file: StreamedLog,
  { junkHelo, rule, progress }: ScanOptions,
  total: Total,
): Promise<void> {
  const { createScanner, partOf } = await import('./scan-share.ts');
  const scanner = createScanner(junkHelo, rule);
  let told = 0;
  let bytes = 0;
  const read = await file.each((chunk) => {
    bytes += chunk.length;
    scanner.blocks.push(chunk);
    progress?.(file.taken() - told);
    told = file.taken();
  });
  scanner.blocks.end();
  total.add(partOf(scanner.counts(), bytes));
  if (!read.ok) total.problems.push(read.problem);
}

class Total {
  readonly problems: Problem[] = [];
  readonly #events = new Map<string, number>();
  readonly #rules = new Map<string, number>();
  readonly #addresses = new AddressSet();
  #lines = 0;
  #bytes = 0;

  add(part: ScanPart): void {
    this.#lines += part.lines;
    this.#bytes += part.bytes;
    for (const [kind, count] of part.events) this.#events.set(kind, (this.#events.get(kind) ?? 0) + count);
    for (const [rule, count] of part.rules) this.#rules.set(rule, (this.#rules.get(rule) ?? 0) + count);
    this.#addresses.addParts(part.addresses);
    if (part.problem !== undefined) this.problems.push(part.problem);
  }

  report(): ScanReport {
    return {
      lines: this.#lines,
      bytes: this.#bytes,
      events: byCount(this.#events),
      addresses: this.#addresses.size,
      rules: byCount(this.#rules),
      problems: this.problems,
    };
  }
}

function byCount(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([, a], [, b]) => b - a));
}
