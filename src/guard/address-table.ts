/**
 * Addresses to the numbers of their records, in flat arrays: open addressing over the 16 bytes of each
 * address, placed by a keyed hash, so that a sender of addresses cannot choose where they fall.
 *
 * Also which record to give up when all are in use: each stands in a list of its rank, in the order of
 * its last use. Arrays are claimed from the system at once and cost memory as they fill.
 */
import type { Words } from '../base/address-words.ts';
import { type HashKey, hashWords } from './keyed-hash.ts';

const none = -1;

export class AddressTable {
  readonly capacity: number;
  readonly #key: HashKey;
  readonly #words: Int32Array;
  /** Places of the hash table: a record's number + 1, or 0. */
  readonly #places: Int32Array;
  readonly #mask: number;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #rank: Uint8Array;
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  #free = none;
  #fresh = 0;
  #size = 0;

  constructor(capacity: number, ranks: number, key: HashKey) {
    this.capacity = capacity;
    this.#key = key;
    const places = 2 ** Math.ceil(Math.log2(Math.max(2, capacity * 1.5)));
    this.#places = new Int32Array(places);
    this.#mask = places - 1;
    this.#words = new Int32Array(capacity * 4);
    this.#next = new Int32Array(capacity);
    this.#previous = new Int32Array(capacity);
    this.#rank = new Uint8Array(capacity);
    this.#first = new Int32Array(ranks).fill(none);
    this.#last = new Int32Array(ranks).fill(none);
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size === this.capacity;
  }

  /** The record of an address, or -1. */
  find(words: Words): number {
    return (this.#places[this.#placeOf(words)] ?? 0) - 1;
  }

  /** A record for an address that has none, of the lowest rank. The table must not be full. */
  add(words: Words): number {
    let record = this.#free;
    if (record === none) record = this.#fresh++;
    else this.#free = this.#next[record] ?? none;
    this.#words.set(words, record * 4);
    this.#places[this.#placeOf(words)] = record + 1;
    this.#size += 1;
    this.#append(record, 0);
    return record;
  }

  /** Makes a record the newest of a rank. */
  use(record: number, rank: number): void {
    this.#unlink(record);
    this.#append(record, rank);
  }

  remove(record: number): void {
    this.#vacate(this.#placeOf(this.wordsOf(record)));
    this.#unlink(record);
    this.#next[record] = this.#free;
    this.#free = record;
    this.#size -= 1;
  }

  rankOf(record: number): number {
    return this.#rank[record] ?? 0;
  }

  /** The record of a rank that was not used for longest, or -1. */
  oldest(rank: number): number {
    return this.#first[rank] ?? none;
  }

  /** The address of a record in use. */
  wordsOf(record: number): Words {
    const at = record * 4;
    const words = this.#words;
    return [words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0];
  }

  /** Where an address is, or where it would go. */
  #placeOf(words: Words): number {
    const stored = this.#words;
    let place = hashWords(this.#key, words) & this.#mask;
    for (;;) {
      const at = ((this.#places[place] ?? 0) - 1) * 4;
      if (at < 0) return place;
      if (
        stored[at + 3] === words[3] &&
        stored[at + 2] === words[2] &&
        stored[at + 1] === words[1] &&
        stored[at] === words[0]
      )
        return place;
      place = (place + 1) & this.#mask;
    }
  }

  /** Empties a place, and moves those after it up that would not be found any more (Knuth 6.4, algorithm R). */
  #vacate(from: number): void {
    let hole = from;
    for (let place = (hole + 1) & this.#mask; ; place = (place + 1) & this.#mask) {
      const entry = this.#places[place] ?? 0;
      if (entry === 0) break;
      const home = hashWords(this.#key, this.wordsOf(entry - 1)) & this.#mask;
      if (((place - home) & this.#mask) < ((place - hole) & this.#mask)) continue;
      this.#places[hole] = entry;
      hole = place;
    }
    this.#places[hole] = 0;
  }

  #append(record: number, rank: number): void {
    const last = this.#last[rank] ?? none;
    this.#rank[record] = rank;
    this.#previous[record] = last;
    this.#next[record] = none;
    if (last === none) this.#first[rank] = record;
    else this.#next[last] = record;
    this.#last[rank] = record;
  }

  #unlink(record: number): void {
    const rank = this.#rank[record] ?? 0;
    const previous = this.#previous[record] ?? none;
    const next = this.#next[record] ?? none;
    if (previous === none) this.#first[rank] = next;
    else this.#next[previous] = next;
    if (next === none) this.#last[rank] = previous;
    else this.#previous[next] = previous;
  }
}
