/** Fixed words of a log line, ready to be compared with its bytes four at a time. */
export interface ByteWords {
  readonly length: number;
  /** Little-endian; the last one overlaps where the length is no multiple of four. */
  readonly words: Int32Array;
  /** The bytes, where there are fewer than four. */
  readonly few: Uint8Array;
}

const encoder = new TextEncoder();

export function byteWords(text: string | Uint8Array): ByteWords {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  const { length } = bytes;
  if (length < 4) return { length, words: new Int32Array(0), few: bytes };
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const words = Int32Array.from({ length: Math.ceil(length / 4) }, (_, place) =>
    view.getInt32(Math.min(place * 4, length - 4), true),
  );
  return { length, words, few: new Uint8Array(0) };
}
