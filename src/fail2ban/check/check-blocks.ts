/**
 * Takes blocks of lines to a run, some megabytes at a time, each of which must end in its time. When one does
 * not, the expression at work is tried alone and quarantined if it is the one that does not end; else the
 * line is left out, whatever it is that takes so long.
 */
import { endsWithin } from '../../host/within-time.ts';
import { isAscii } from '../expression/expression.ts';
import type { LineExpression } from '../filter/line-expression.ts';
import type { CheckCounts } from './check-counts.ts';
import { type LiteralScanner, notAscii } from './literal-scanner.ts';

/** Judges line after line. */
export interface LineTaker {
  /**
   * The line from `start` to `end` of a text, where a newline follows. `low` and `high` say whose literals it may
   * hold; `now` is in seconds.
   */
  line(
    text: string,
    start: number,
    end: number,
    low: number,
    high: number,
    ascii: boolean,
    now: number,
  ): void;
  /** Takes the last line back, after it was broken off: it is given again, or left out. */
  rewind?(): void;
  leaveOut?(): void;
}

export interface CheckBlocksOptions {
  readonly taker: LineTaker;
  readonly counts: CheckCounts;
  /** Finds the lines, and the literals that the taker asks for. */
  readonly scanner: LiteralScanner;
  readonly decode: (bytes: Uint8Array) => string;
  readonly quarantine: Set<LineExpression>;
  /** Milliseconds that a block may take. */
  readonly budget: number;
}

/** Longer strings would have pages of their own, which cost more than reading. */
const pieceSize = 64 * 1024;

/** Milliseconds that one expression may take on one text; it takes some microseconds. */
const evaluationBudget = 250;

export class CheckBlocks {
  readonly #options: CheckBlocksOptions;
  readonly #bytes: Buffer;
  /** Where the piece at work begins, its lines and the next of them. */
  #from = 0;
  #count = 0;
  #next = 0;
  #text = '';

  constructor(options: CheckBlocksOptions) {
    this.#options = options;
    const { buffer, byteOffset, length } = options.scanner.block;
    this.#bytes = Buffer.from(buffer as ArrayBuffer, byteOffset, length);
  }

  /** The first `length` bytes of the scanner's block, which are whole lines. */
  take(length: number): void {
    this.#from = 0;
    this.#count = 0;
    const now = Date.now() / 1000;
    this.#until(
      () => {
        this.#work(length, now);
      },
      () => {
        this.#next += 1;
      },
    );
  }

  /** A line that is in no block. */
  alone(text: string): void {
    let isLeftOut = false;
    this.#until(
      () => {
        if (!isLeftOut) this.#take(text);
      },
      () => {
        isLeftOut = true;
      },
    );
  }

  /** Does the work until it ends in its time; `leaveOut` takes the line away that it was at. */
  #until(work: () => void, leaveOut: () => void): void {
    const { taker, budget } = this.#options;
    while (!endsWithin(budget, work)) {
      taker.rewind?.();
      if (this.#quarantineSlow()) continue;
      taker.leaveOut?.();
      leaveOut();
    }
  }

  #work(length: number, now: number): void {
    const { scanner } = this.#options;
    for (;;) {
      if (this.#count === 0) {
        if (this.#from === length) return;
        this.#count = this.#piece(length);
        this.#next = 0;
        this.#text = this.#bytes.toString('latin1', this.#from, this.#end(this.#count - 1) + 1);
      }
      for (; this.#next < this.#count; this.#next += 1) this.#line(this.#next, now);
      this.#from = (scanner.lines[(this.#count - 1) * 3] ?? 0) + 1;
      this.#count = 0;
    }
  }

  /** Finds the lines of the next piece: one at least. */
  #piece(length: number): number {
    const { scan } = this.#options.scanner;
    const count = scan(this.#from, Math.min(length, this.#from + pieceSize));
    return count === 0 ? scan(this.#from, length) : count;
  }

  #end(line: number): number {
    return this.#options.scanner.lines[line * 3] ?? 0;
  }

  #line(number: number, now: number): void {
    const { taker, scanner, decode } = this.#options;
    const place = number * 3;
    const start = number === 0 ? this.#from : this.#end(number - 1) + 1;
    const end = this.#end(number);
    const low = scanner.lines[place + 1] ?? 0;
    const high = scanner.lines[place + 2] ?? 0;
    if ((high & notAscii) !== 0) this.#take(decode(this.#bytes.subarray(start, end)), low, high, now);
    else taker.line(this.#text, start - this.#from, end - this.#from, low, high, true, now);
  }

  #take(text: string, low = -1, high = -1, now: number = Date.now() / 1000): void {
    this.#options.taker.line(`${text}\n`, 0, text.length, low, high, isAscii(text), now);
  }

  #quarantineSlow(): boolean {
    const { counts, quarantine } = this.#options;
    const trying = counts.trying();
    if (trying === undefined) return false;
    const { rule, text } = trying;
    const ends = endsWithin(evaluationBudget, () => {
      rule.expression.test(text, isAscii(text));
    });
    if (!ends) quarantine.add(rule);
    return !ends;
  }
}
