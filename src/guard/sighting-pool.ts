/**
 * Sightings as rows of flat arrays, chained by address, the newest first: seventeen bytes each. How
 * many there can be is fixed from the start.
 */

/** What is kept of a sighting but its line. */
export interface StoredSighting {
  readonly number: number;
  readonly kind: number;
  readonly at: number;
  /** Hash of its subject; undefined where it has none. */
  readonly subject: number | undefined;
  /** It repeats an earlier one of the same subject. */
  readonly repeats: boolean;
}

export const endOfChain = -1;

const kindBits = 0x3f;
const hasSubject = 0x40;
const isRepetition = 0x80;

export class SightingPool {
  readonly #next: Int32Array;
  readonly #at: Float64Array;
  readonly #about: Uint8Array;
  readonly #subject: Int32Array;
  readonly #capacity: number;
  #free = endOfChain;
  #fresh = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#next = new Int32Array(capacity);
    this.#at = new Float64Array(capacity);
    this.#about = new Uint8Array(capacity);
    this.#subject = new Int32Array(capacity);
  }

  get isFull(): boolean {
    return this.#free === endOfChain && this.#fresh === this.#capacity;
  }

  /** Puts a sighting before a chain, and returns its number: the new head. The pool must not be full. */
  add(head: number, { kind, at, subject, repeats }: Omit<StoredSighting, 'number'>): number {
    let number = this.#free;
    if (number === endOfChain) number = this.#fresh++;
    else this.#free = this.#next[number] ?? endOfChain;
    this.#next[number] = head;
    this.#at[number] = at;
    this.#about[number] = kind | (subject === undefined ? 0 : hasSubject) | (repeats ? isRepetition : 0);
    this.#subject[number] = subject ?? 0;
    return number;
  }

  /** The newest first. */
  chain(head: number): StoredSighting[] {
    const found: StoredSighting[] = [];
    for (let number = head; number !== endOfChain; number = this.#next[number] ?? endOfChain) {
      const about = this.#about[number] ?? 0;
      found.push({
        number,
        kind: about & kindBits,
        at: this.#at[number] ?? 0,
        subject: (about & hasSubject) === 0 ? undefined : this.#subject[number],
        repeats: (about & isRepetition) !== 0,
      });
    }
    return found;
  }

  /** Frees those of a chain that are not to be kept, and returns the head of what is left. */
  keep(chain: readonly StoredSighting[], kept: (sighting: StoredSighting) => boolean): number {
    let head = endOfChain;
    for (let place = chain.length - 1; place >= 0; place -= 1) {
      const sighting = chain[place];
      if (sighting === undefined) continue;
      const { number } = sighting;
      if (kept(sighting)) {
        this.#next[number] = head;
        head = number;
      } else {
        this.#next[number] = this.#free;
        this.#free = number;
      }
    }
    return head;
  }
}
