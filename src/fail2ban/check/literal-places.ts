/**
 * Finds many literals in a long text from line to line, each place once. Each literal belongs to one of at
 * most 31 owners; an answer is a mask with a bit for each. Lines must be asked for in their order.
 */
export class LiteralPlaces {
  readonly #literals: readonly string[];
  readonly #bits: Int32Array;
  readonly #next: Int32Array;
  #text = '';
  /** The first place of any of them. */
  #soonest = -1;

  static readonly mostOwners = 31;

  /** The literals of each owner. */
  constructor(owners: readonly (readonly string[])[]) {
    this.#literals = owners.flat();
    this.#bits = Int32Array.from(owners.flatMap((literals, owner) => literals.map(() => 1 << owner)));
    this.#next = new Int32Array(this.#literals.length);
  }

  begin(text: string): void {
    this.#text = text;
    this.#next.fill(-1);
    this.#soonest = -1;
  }

  /** Whose literals begin from `start` on and before `end`. */
  within(start: number, end: number): number {
    if (this.#soonest >= end) return 0;
    const next = this.#next;
    let soonest = nowhere;
    let mask = 0;
    for (let place = 0; place < next.length; place += 1) {
      let at = next[place] ?? nowhere;
      if (at < start) {
        at = this.#text.indexOf(this.#literals[place] ?? '', start);
        if (at === -1) at = nowhere;
        next[place] = at;
      }
      if (at < end) mask |= this.#bits[place] ?? 0;
      if (at < soonest) soonest = at;
    }
    this.#soonest = soonest;
    return mask;
  }
}

const nowhere = 0x7fff_ffff;
