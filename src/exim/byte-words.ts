/** Fixed words of a log line, ready to be compared with its bytes four at a time. */
export interface ByteWords {
  readonly length: number;
  /** Little-endian. */
  readonly words: Int32Array;
  readonly tail: Uint8Array;
}

const encoder = new TextEncoder();

export function byteWords(text: string | Uint8Array): ByteWords {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  const whole = bytes.length >> 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    length: bytes.length,
    words: Int32Array.from({ length: whole }, (_, place) => view.getInt32(place * 4, true)),
    tail: bytes.slice(whole * 4),
  };
}
