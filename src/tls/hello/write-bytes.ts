/** The pieces that TLS messages are written from (RFC 8446, section 3): numbers and vectors. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** `value` as an unsigned number of `width` bytes, most significant first. */
export function uint(width: 1 | 2 | 3 | 4, value: number): Uint8Array {
  return Uint8Array.from(
    { length: width },
    (_, index) => Math.floor(value / 256 ** (width - 1 - index)) % 256,
  );
}

export function uints(width: 1 | 2, values: readonly number[]): Uint8Array {
  return joined(values.map((value) => uint(width, value)));
}

/** The parts after their length, which takes `width` bytes. */
export function vector(width: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = joined(parts);
  return joined([uint(width, content.length), content]);
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
