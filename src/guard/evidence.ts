/**
 * The lines behind sightings, while they may still be wanted: all of the newest, and longer those of
 * addresses near a verdict. Both are bounded in lines and bytes, the oldest goes first, so a flood of
 * new addresses costs them only what it says itself.
 */

/** Of one sighting; a line of Exim's can have 8 KiB, most of them the client's. */
const longestLine = 1000;

export class Evidence {
  readonly #recent = new Shelf(4096, 1024 * 1024);
  readonly #near = new Shelf(16_384, 4 * 1024 * 1024);

  /** `sighting` is the number under which the line is asked for. */
  add(sighting: number, line: string): void {
    this.#recent.put(sighting, cut(line));
  }

  /** Its address has come near a verdict. */
  keep(sighting: number): void {
    const line = this.#recent.take(sighting);
    if (line !== undefined) this.#near.put(sighting, line);
  }

  get(sighting: number): string | undefined {
    return this.#near.get(sighting) ?? this.#recent.get(sighting);
  }

  forget(sighting: number): void {
    this.#near.take(sighting);
    this.#recent.take(sighting);
  }
}

class Shelf {
  readonly #lines = new Map<number, string>();
  readonly #mostLines: number;
  readonly #mostLetters: number;
  #letters = 0;

  constructor(mostLines: number, mostLetters: number) {
    this.#mostLines = mostLines;
    this.#mostLetters = mostLetters;
  }

  get(sighting: number): string | undefined {
    return this.#lines.get(sighting);
  }

  put(sighting: number, line: string): void {
    this.#lines.set(sighting, line);
    this.#letters += line.length;
    while (this.#lines.size > this.#mostLines || this.#letters > this.#mostLetters) {
      const [oldest] = this.#lines.keys();
      if (oldest === undefined) break;
      this.take(oldest);
    }
  }

  take(sighting: number): string | undefined {
    const line = this.#lines.get(sighting);
    if (line === undefined) return undefined;
    this.#lines.delete(sighting);
    this.#letters -= line.length;
    return line;
  }
}

/** A slice would hold on to all of a long line: its letters are copied. */
function cut(line: string): string {
  return line.length <= longestLine ? line : `${structuredClone(line.slice(0, longestLine))}…`;
}
