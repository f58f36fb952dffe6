/**
 * Takes blocks of lines to a run, some megabytes at a time, each of which must end in its time. When one does
 * not, the expression at work is tried alone and quarantined if it is the one that does not end; else the
 * line is left out, whatever it is that takes so long.
 */
import { endsWithin } from '../../host/within-time.ts';
import { isAscii } from '../expression/expression.ts';
import type { LineExpression } from '../filter/line-expression.ts';
import type { CheckRun } from './check-run.ts';
import type { FastCheck } from './fast-check.ts';

export interface CheckBlocksOptions {
  readonly run: CheckRun;
  /** The quick way, where there is one. */
  readonly fast: FastCheck | undefined;
  readonly quarantine: Set<LineExpression>;
  /** Milliseconds that a batch may take. */
  readonly budget: number;
}

interface Block {
  readonly text: string;
  readonly ascii: boolean;
}

/** Characters: a watchdog is started for each batch, which takes a millisecond. */
const batchSize = 1024 * 1024;

/** Milliseconds that one expression may take on one text; it takes some microseconds. */
const evaluationBudget = 250;

export class CheckBlocks {
  readonly #options: CheckBlocksOptions;
  #waiting: Block[] = [];
  #size = 0;
  #at = 0;

  constructor(options: CheckBlocksOptions) {
    this.#options = options;
  }

  /** Whole lines, the last one ended too. */
  push(text: string, ascii: boolean): void {
    this.#waiting.push({ text, ascii });
    this.#size += text.length;
    if (this.#size >= batchSize) this.flush();
  }

  flush(): void {
    const blocks = this.#waiting;
    this.#waiting = [];
    this.#size = 0;
    let next = 0;
    const now = Date.now() / 1000;
    const work = (): void => {
      for (; next < blocks.length; next += 1) {
        this.#block(blocks[next] as Block, now);
        this.#at = 0;
      }
    };
    const { run, budget } = this.#options;
    while (!endsWithin(budget, work)) {
      run.rewind();
      const { text } = blocks[next] as Block;
      if (!this.#quarantineSlow()) this.#at = text.indexOf('\n', this.#at) + 1;
    }
  }

  #block({ text, ascii }: Block, now: number): void {
    const { run, fast } = this.#options;
    fast?.begin(text);
    while (this.#at < text.length) {
      const end = text.indexOf('\n', this.#at);
      if (fast === undefined) run.line(text.slice(this.#at, end), ascii);
      else fast.line(this.#at, end, ascii, now);
      this.#at = end + 1;
    }
  }

  #quarantineSlow(): boolean {
    const { run, quarantine } = this.#options;
    if (run.trying === undefined) return false;
    const { rule, text } = run.trying;
    const ends = endsWithin(evaluationBudget, () => {
      rule.expression.test(text, isAscii(text));
    });
    if (!ends) quarantine.add(rule);
    return !ends;
  }
}
