/**
 * The shape of a log line, told from its bytes by assembly/shape.ts: which wording it has and who its
 * peer is. Every line of the same shape and the same decisive text is the same kind of event as the
 * first one, which is decoded and parsed. `line-shape.test.ts` holds the two together.
 */
import type { LineScanner } from './line-scanner.ts';

/** The fields are about the line that was looked at last; places are offsets in the block. */
export class LineShape {
  readonly #fields: Int32Array;
  readonly #shape: LineScanner['shape'];

  constructor({ fields, shape }: LineScanner) {
    this.#fields = fields;
    this.#shape = shape;
  }

  /** The number of the shape of the line that lies from `from` to before `end`; 0 where it has none. */
  of(from: number, end: number, brackets: number): number {
    return this.#shape(from, end, brackets);
  }

  /** Where the message starts; -1 where the line has no plain head. */
  get messageAt(): number {
    return this.#fields[0] ?? 0;
  }

  /** Where the decisive text of a shape lies; empty where the wording alone decides. */
  get textAt(): number {
    return this.#fields[1] ?? 0;
  }

  get textEnd(): number {
    return this.#fields[2] ?? 0;
  }

  /** Whether the literal names a peer of this line. */
  get hasPeer(): boolean {
    return this.#fields[3] === 1;
  }

  /** What stands between the brackets of the host part. */
  get literalAt(): number {
    return this.#fields[4] ?? 0;
  }

  get literalEnd(): number {
    return this.#fields[5] ?? 0;
  }

  /** Whether that is a canonical IPv4 address, and which, as 32 bits of a signed number. */
  get isIPv4(): boolean {
    return this.#fields[6] === 1;
  }

  get ipv4(): number {
    return this.#fields[7] ?? 0;
  }

  /** Where Exim's own time starts. */
  get timeAt(): number {
    return this.#fields[8] ?? 0;
  }

  /** The message id, at -1 where there is none. */
  get idAt(): number {
    return this.#fields[9] ?? -1;
  }

  get idEnd(): number {
    return this.#fields[10] ?? -1;
  }

  /** Another number wherever the minute is another one than that of the line with a time before. */
  get minutes(): number {
    return this.#fields[11] ?? 0;
  }
}
