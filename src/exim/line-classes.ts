/**
 * The classes that lines are counted by: all lines of one shape and one decisive text, which the first
 * of them has told the meaning of. They are kept where the scanner finds them (assembly/judge.ts).
 */
import type { LogKind } from './event.ts';
import type { LineScanner } from './line-scanner.ts';
import { classCount, classSize } from './scanner-memory.ts';
import { inBothLogs } from './syslog-entries.ts';

/** What all lines of a class have in common. */
export interface LineClass {
  readonly kind: LogKind;
  /** The rule that each of them is evidence for. */
  readonly rule: string | undefined;
}

/** Texts of one shape that are remembered; an ACL that echoes its client has a new one each time. */
const mostTexts = 32;

const [countAt, flagsAt, nextAt, lengthAt, textAt] = [0, 4, 8, 12, 16];
const longestText: number = classSize - textAt;

export class LineClasses {
  readonly #scanner: LineScanner;
  /** By number; number 0 is none. */
  readonly #classes: (LineClass | undefined)[] = [undefined];
  readonly #texts = new Map<number, number>();

  constructor(scanner: LineScanner) {
    this.#scanner = scanner;
  }

  /** Remembers a class, unless its shape has too many; `text` is empty where the shape alone decides. */
  add(shape: number, text: Uint8Array, meaning: LineClass): void {
    const known = this.#texts.get(shape) ?? 0;
    const number = this.#classes.length;
    if (known === mostTexts || number === classCount || text.length > longestText) return;
    this.#texts.set(shape, known + 1);
    this.#classes.push(meaning);
    const { classes, classOfShape } = this.#scanner;
    const record = number * classSize;
    classes.setInt32(record + countAt, 0, true);
    classes.setInt32(record + flagsAt, flagsOf(meaning), true);
    classes.setInt32(record + nextAt, classOfShape[shape] ?? 0, true);
    classes.setInt32(record + lengthAt, text.length, true);
    for (const [place, code] of text.entries()) classes.setUint8(record + textAt + place, code);
    classOfShape[shape] = number;
  }

  /** Hands over every class with the number of its lines since the last call. */
  take(use: (meaning: LineClass, count: number) => void): void {
    for (const [number, meaning] of this.#classes.entries()) {
      if (meaning === undefined) continue;
      const place = number * classSize + countAt;
      use(meaning, this.#scanner.classes.getUint32(place, true));
      this.#scanner.classes.setInt32(place, 0, true);
    }
  }
}

/** As in assembly/judge.ts. */
const [countsPeers, standsInBothLogs] = [1, 2];

function flagsOf({ kind, rule }: LineClass): number {
  return (rule === undefined ? 0 : countsPeers) | (inBothLogs.has(kind) ? standsInBothLogs : 0);
}
