/**
 * Takes blocks of lines to a run, a megabyte at a time, each of which must end in its time. When one does
 * not, the expression at work is tried alone and quarantined if it is the one that does not end; else the
 * line is left out, whatever it is that takes so long.
 */
import { endsWithin } from '../../host/within-time.ts';
import { isAscii } from '../expression/expression.ts';
import type { LineExpression } from '../filter/line-expression.ts';
import type { CheckRun } from './check-run.ts';
import type { FastCheck } from './fast-check.ts';
import { type LiteralScanner, notAscii } from './literal-scanner.ts';

export interface CheckBlocksOptions {
  readonly run: CheckRun;
  /** The quick way, where there is one. */
  readonly fast: FastCheck | undefined;
  /** Finds the lines, and the literals of the quick way. */
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
        if (!isLeftOut) this.#options.run.line(text, isAscii(text));
      },
      () => {
        isLeftOut = true;
      },
    );
  }

  /** Does the work until it ends in its time; `leaveOut` takes the line away that it was at. */
  #until(work: () => void, leaveOut: () => void): void {
    const { run, budget } = this.#options;
    while (!endsWithin(budget, work)) {
      run.rewind();
      if (!this.#quarantineSlow()) leaveOut();
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
    const { run, fast, scanner, decode } = this.#options;
    const place = number * 3;
    const start = number === 0 ? this.#from : this.#end(number - 1) + 1;
    const end = this.#end(number);
    const low = scanner.lines[place + 1] ?? 0;
    const high = scanner.lines[place + 2] ?? 0;
    if ((high & notAscii) === 0) {
      const [from, to] = [start - this.#from, end - this.#from];
      if (fast === undefined) run.line(this.#text.slice(from, to), true);
      else fast.line(this.#text, from, to, low, high, true, now);
      return;
    }
    const text = decode(this.#bytes.subarray(start, end));
    if (fast === undefined) run.line(text, false);
    else fast.line(`${text}\n`, 0, text.length, low, high, isAscii(text), now);
  }

  #quarantineSlow(): boolean {
    const { run, quarantine } = this.#options;
    const trying = run.trying();
    if (trying === undefined) return false;
    const { rule, text } = trying;
    const ends = endsWithin(evaluationBudget, () => {
      rule.expression.test(text, isAscii(text));
    });
    if (!ends) quarantine.add(rule);
    return !ends;
  }
}
