/**
 * Reads a peer's bytes in order. Reading past the end gives zeros and empties and is remembered: whoever
 * decodes asks once, at the end, whether all was there (`short`). So no length that a peer writes can
 * make a decoder throw, loop or allocate.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #short = false;
  readonly #parent: ByteReader | undefined;

  constructor(bytes: Uint8Array, parent?: ByteReader) {
    this.#bytes = bytes;
    this.#parent = parent;
  }

  /** Something was read that is not there. */
  get short(): boolean {
    return this.#short;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** An unsigned number of so many bytes, most significant first. */
  uint(width: 1 | 2 | 3 | 4): number {
    let value = 0;
    for (const byte of this.take(width)) value = value * 256 + byte;
    return value;
  }

  take(length: number): Uint8Array {
    if (length > this.left) {
      this.#fail();
      return new Uint8Array(0);
    }
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }

  /** What a length of so many bytes announces, as a reader; what is missing in it is missing here. */
  vector(width: 1 | 2 | 3): ByteReader {
    return new ByteReader(this.take(this.uint(width)), this);
  }

  /** All numbers of so many bytes that are left; one that is cut off is short. */
  uints(width: 1 | 2): number[] {
    const values: number[] = [];
    while (this.left > 0 && !this.#short) values.push(this.uint(width));
    return values;
  }

  #fail(): void {
    this.#short = true;
    this.#at = this.#bytes.length;
    if (this.#parent !== undefined) this.#parent.#fail();
  }
}
