/**
 * HalfSipHash-2-4 (Aumasson and Bernstein), 32 bits from a secret key: whoever chooses addresses or
 * logins cannot choose where they fall in a table, nor make two of them look the same.
 *
 * https://github.com/veorq/SipHash/blob/master/halfsiphash.c
 */
export type HashKey = readonly [number, number];

export function randomKey(): HashKey {
  const [one = 0, two = 0] = crypto.getRandomValues(new Int32Array(2));
  return [one, two];
}

/** Of whole words: the same as of their bytes, the least significant first. */
export function hashWords(key: HashKey, words: readonly number[]): number {
  return hash(key, words, words.length << 26);
}

/** Of a text's UTF-16 units, two in a word. */
export function hashText(key: HashKey, text: string): number {
  const words: number[] = [];
  for (let at = 0; at + 1 < text.length; at += 2)
    words.push(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16));
  const rest = text.length % 2 === 1 ? text.charCodeAt(text.length - 1) : 0;
  return hash(key, words, ((text.length * 2) << 24) | rest);
}

function hash(key: HashKey, words: readonly number[], last: number): number {
  let a = key[0];
  let b = key[1];
  let c = 0x6c796765 ^ key[0];
  let d = 0x74656462 ^ key[1];
  const end = words.length;
  for (let at = 0; at < end + 3; at += 1) {
    const word = at < end ? (words[at] ?? 0) : at === end ? last : 0;
    if (at === end + 1) c ^= 0xff;
    d ^= word;
    for (let round = 0; round < 2; round += 1) {
      a = (a + b) | 0;
      b = ((b << 5) | (b >>> 27)) ^ a;
      a = (a << 16) | (a >>> 16);
      c = (c + d) | 0;
      d = ((d << 8) | (d >>> 24)) ^ c;
      a = (a + d) | 0;
      d = ((d << 7) | (d >>> 25)) ^ a;
      c = (c + b) | 0;
      b = ((b << 13) | (b >>> 19)) ^ c;
      c = (c << 16) | (c >>> 16);
    }
    a ^= word;
  }
  return b ^ d;
}
