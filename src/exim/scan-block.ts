/**
 * Judges the lines of a block by their shapes: what kind of event each is, and which rule it is
 * evidence for. The first line of a class, and each line without one, is decoded and parsed; every
 * other line costs a look at its bytes.
 */
import type { AddressSet } from './address-set.ts';
import type { LogEvent } from './event.ts';
import { LineClasses } from './line-classes.ts';
import type { LineScanner } from './line-scanner.ts';
import { LineShape } from './line-shape.ts';
import type { LogContext } from './log-context.ts';
import { SyslogEntries } from './syslog-entries.ts';

/** The rule that a line is evidence for; undefined for none. May look at kind, wording and decisive text alone. */
export type Judge = (event: LogEvent, line: string) => string | undefined;

export interface ScanCounts {
  readonly lines: number;
  readonly events: Map<string, number>;
  readonly rules: Map<string, number>;
  readonly addresses: AddressSet;
}

export class BlockScan {
  readonly #scanner: LineScanner;
  readonly #classes: LineClasses;
  readonly #shape: LineShape;
  readonly #entries: SyslogEntries;
  readonly #judge: Judge;
  readonly #addresses: AddressSet;
  readonly #events = new Map<string, number>();
  readonly #rules = new Map<string, number>();
  #lines = 0;

  /** `addresses` is told of other peers than IPv4 ones by the scanner itself: `otherPeer()`. */
  constructor(scanner: LineScanner, context: LogContext, judge: Judge, addresses: AddressSet) {
    this.#scanner = scanner;
    this.#classes = new LineClasses(scanner);
    this.#shape = new LineShape(scanner);
    this.#entries = new SyslogEntries(context);
    this.#judge = judge;
    this.#addresses = addresses;
  }

  /** Judges the first `count` indexed lines from `from` on; returns where the next line starts. */
  scan(from: number, count: number): number {
    const { lines, scan, takeCopies, takeFresh, fresh } = this.#scanner;
    let start = from;
    for (let line = 0; ; line += 1) {
      line = scan(line, count, start);
      if (line === count) break;
      if (line > 0) start = (lines[line * 2 - 2] ?? 0) + 1;
      const end = lines[line * 2] ?? 0;
      this.#learn(this.#shape.of(start, end, lines[line * 2 + 1] ?? 0), start, end);
      start = end + 1;
    }
    add(this.#events, 'continuation', takeCopies());
    const told = takeFresh();
    for (let place = 0; place < told; place += 1) this.#addresses.addNumber(fresh[place] ?? 0);
    this.#lines += count;
    return (lines[count * 2 - 2] ?? 0) + 1;
  }

  counts(): ScanCounts {
    this.#classes.take(({ kind, rule }, count) => {
      add(this.#events, kind, count);
      if (rule !== undefined) add(this.#rules, rule, count);
    });
    return {
      lines: this.#lines,
      events: this.#events,
      rules: this.#rules,
      addresses: this.#addresses,
    };
  }

  /** A line without a class: parsed, and remembered where it has a shape. */
  #learn(number: number, start: number, end: number): void {
    const { bytes } = this.#scanner;
    const { event, text } = this.#entries.read(decode(bytes, start, end));
    const rule = this.#judge(event, text);
    add(this.#events, event.kind, 1);
    if (rule !== undefined) {
      add(this.#rules, rule, 1);
      if (event.peer !== undefined) this.#addresses.addText(event.peer);
    }
    const { textAt, textEnd, hasPeer } = this.#shape;
    // A peer that is no address is no peer of a sighting, and says nothing about the next line's.
    if (number === 0 || (hasPeer && event.peer === undefined)) return;
    this.#classes.add(number, bytes.subarray(textAt, textEnd), { kind: event.kind, rule });
  }
}

/** Longer lines are cut before they are parsed: Exim itself writes 8 KiB at most (log.c). */
const longestParsed = 65_536;

const decoder = new TextDecoder('latin1');

export function decode(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, Math.min(end, start + longestParsed)));
}

function add(counts: Map<string, number>, name: string, more: number): void {
  if (more > 0) counts.set(name, (counts.get(name) ?? 0) + more);
}
