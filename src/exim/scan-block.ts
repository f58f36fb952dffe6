/**
 * Judges the lines of a block by their shapes: what kind of event each is, and which rule it is
 * evidence for. The first line of a shape, and each line without one, is decoded and parsed; every
 * other line costs a look at its bytes.
 */
import { AddressSet } from './address-set.ts';
import { type ByteWords, byteWords } from './byte-words.ts';
import type { LogEvent } from './event.ts';
import type { LineIndex } from './line-index.ts';
import { LineShape } from './line-shape.ts';
import { shapeCount } from './line-words.ts';
import type { LogContext } from './log-context.ts';
import { parseLogLine } from './log-line.ts';

/** The rule that a line is evidence for; undefined for none. May look at kind, wording and decisive text alone. */
export type Judge = (event: LogEvent, line: string) => string | undefined;

export interface ScanCounts {
  readonly lines: number;
  readonly events: Map<string, number>;
  readonly rules: Map<string, number>;
  readonly addresses: AddressSet;
}

/** What every line of one shape and one decisive text has in common. */
interface Class {
  readonly kind: string;
  readonly rule: string | undefined;
  readonly text: ByteWords;
  count: number;
}

/** Texts of one wording that are remembered; an ACL that echoes its client has a new one each time. */
const mostTexts = 32;

export class BlockScan {
  readonly #index: LineIndex;
  readonly #shape: LineShape;
  readonly #context: LogContext;
  readonly #judge: Judge;
  readonly #byShape: (Class | undefined)[] = Array.from({ length: shapeCount });
  readonly #byText: (Class[] | undefined)[] = Array.from({ length: shapeCount });
  readonly #addresses = new AddressSet();
  readonly #events = new Map<string, number>();
  readonly #rules = new Map<string, number>();
  #lines = 0;

  constructor(index: LineIndex, context: LogContext, judge: Judge) {
    this.#index = index;
    this.#shape = new LineShape(index);
    this.#context = context;
    this.#judge = judge;
  }

  /** Judges the first `count` indexed lines from `from` on; returns where the next line starts. */
  scan(from: number, count: number): number {
    const { lines } = this.#index;
    const shape = this.#shape;
    let start = from;
    for (let line = 0; line < count; line += 1) {
      const end = lines[line * 2] ?? 0;
      const number = shape.of(start, end, lines[line * 2 + 1] ?? 0);
      if (number === 0) this.#parse(start, end);
      else {
        const found = shape.textEnd === 0 ? this.#byShape[number] : this.#textClass(number);
        if (found === undefined) this.#learn(number, start, end);
        else {
          found.count += 1;
          if (found.rule !== undefined) this.#addAddress();
        }
      }
      start = end + 1;
    }
    this.#lines += count;
    return start;
  }

  counts(): ScanCounts {
    for (const each of [...this.#byShape, ...this.#byText.flat()]) {
      if (each === undefined) continue;
      add(this.#events, each.kind, each.count);
      if (each.rule !== undefined) add(this.#rules, each.rule, each.count);
      each.count = 0;
    }
    return {
      lines: this.#lines,
      events: this.#events,
      rules: this.#rules,
      addresses: this.#addresses,
    };
  }

  #addAddress(): void {
    const { line, hasPeer } = this.#shape;
    if (!hasPeer) return;
    if (line.isIPv4) this.#addresses.addNumber(line.ipv4);
    else this.#addresses.addText(decode(line.bytes, line.literalAt, line.literalEnd));
  }

  /** The class of a shape whose text decides too. */
  #textClass(number: number): Class | undefined {
    const { line, textAt, textEnd } = this.#shape;
    const known = this.#byText[number];
    if (known === undefined) return undefined;
    const length = textEnd - textAt;
    for (let place = 0; place < known.length; place += 1) {
      const found = known[place];
      if (found === undefined || found.text.length !== length || !line.has(found.text, textAt, textEnd))
        continue;
      // What is frequent moves to the front.
      if (place > 0 && found.count > (known[place - 1]?.count ?? 0)) {
        known[place] = known[place - 1] as Class;
        known[place - 1] = found;
      }
      return found;
    }
    return undefined;
  }

  /** A line of a shape or text not seen before: parsed, and remembered. */
  #learn(number: number, start: number, end: number): void {
    const { line, textAt, textEnd, hasPeer } = this.#shape;
    const { event, rule } = this.#parse(start, end);
    // A peer that is no address is no peer of a sighting, and says nothing about the next line's.
    if (hasPeer && event.peer === undefined) return;
    const text = byteWords(line.bytes.slice(textAt, textEnd));
    const learned: Class = { kind: event.kind, rule, text, count: 0 };
    if (textEnd === 0) this.#byShape[number] = learned;
    else {
      const known = (this.#byText[number] ??= []);
      if (known.length < mostTexts) known.push(learned);
    }
  }

  #parse(start: number, end: number): { event: LogEvent; rule: string | undefined } {
    const text = decode(this.#index.bytes, start, end);
    const event = parseLogLine(text, this.#context);
    const rule = this.#judge(event, text);
    add(this.#events, event.kind, 1);
    if (rule !== undefined) {
      add(this.#rules, rule, 1);
      if (event.peer !== undefined) this.#addresses.addText(event.peer);
    }
    return { event, rule };
  }
}

/** Longer lines are cut before they are parsed: Exim itself writes 8 KiB at most (log.c). */
const longestParsed = 65_536;

const decoder = new TextDecoder('latin1');

function decode(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, Math.min(end, start + longestParsed)));
}

function add(counts: Map<string, number>, name: string, more: number): void {
  if (more > 0) counts.set(name, (counts.get(name) ?? 0) + more);
}
