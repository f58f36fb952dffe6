/** The text of an expression while it is read: where we are, and which groups have been seen. */

export interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly x: boolean;
  readonly a: boolean;
}

export const noFlags: Flags = { i: false, m: false, s: false, x: false, a: false };

/** Thrown while reading, and caught where the reading began. */
export class PatternError extends Error {
  readonly at: number;

  constructor(says: string, at: number) {
    super(says);
    this.at = at;
  }
}

/** More groups than any sane expression has; Python itself has no limit. */
const mostGroups = 1000;

export class PatternText {
  at = 0;
  groups = 0;
  readonly names: Map<string, number> = new Map();
  globalFlags: Partial<Flags> = {};
  readonly #characters: readonly string[];
  readonly #open = new Set<number>();
  readonly #references: { number: number; at: number }[] = [];

  constructor(source: string) {
    this.#characters = Array.from(source);
  }

  peek(ahead = 0): string {
    return this.#characters[this.at + ahead] ?? '';
  }

  skip(): void {
    this.at += 1;
  }

  /** Whether the text goes on so; then it is behind us. */
  take(wanted: string): boolean {
    const characters = Array.from(wanted);
    if (!characters.every((each, place) => this.peek(place) === each)) return false;
    this.at += characters.length;
    return true;
  }

  takeWhile(allowed: RegExp, most: number = Number.POSITIVE_INFINITY): string {
    let taken = '';
    for (let count = 0; count < most && this.peek() !== '' && allowed.test(this.peek()); count += 1) {
      taken += this.peek();
      this.skip();
    }
    return taken;
  }

  /** Up to a terminator, which is taken too. */
  takeUntil(terminator: string, what: string): string {
    const start = this.at;
    let taken = '';
    while (this.peek() !== terminator) {
      if (this.peek() === '') {
        throw taken === ''
          ? new PatternError(`missing ${what}`, start)
          : new PatternError(`missing ${terminator}, unterminated name`, start);
      }
      taken += this.peek();
      this.skip();
    }
    this.skip();
    if (taken === '') throw new PatternError(`missing ${what}`, start);
    return taken;
  }

  skipComment(): void {
    while (this.peek() !== '' && this.peek() !== '\n') this.skip();
    this.skip();
  }

  openGroup(name: string | undefined, at: number): number {
    this.groups += 1;
    const number = this.groups;
    if (number > mostGroups) throw new PatternError('too many groups', at);
    if (name !== undefined) {
      const other = this.names.get(name);
      if (other !== undefined) {
        throw new PatternError(
          `redefinition of group name '${name}' as group ${number}; was group ${other}`,
          at,
        );
      }
      this.names.set(name, number);
    }
    this.#open.add(number);
    return number;
  }

  closeGroup(number: number): void {
    this.#open.delete(number);
  }

  /** A reference to a group that is complete. */
  closedGroup(number: number, at: number): number {
    if (number > this.groups) throw new PatternError(`invalid group reference ${number}`, at);
    if (this.#open.has(number)) throw new PatternError('cannot refer to an open group', at);
    return number;
  }

  /** A conditional may ask for a group that comes later. */
  laterGroup(number: number, at: number): number {
    this.#references.push({ number, at });
    return number;
  }

  checkReferences(): void {
    for (const { number, at } of this.#references) {
      if (number > this.groups) throw new PatternError(`invalid group reference ${number}`, at);
    }
  }
}
