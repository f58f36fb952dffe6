import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashText, hashWords } from './keyed-hash.ts';

// Key 00 01 … 07 and messages 00 01 02 …: vectors_hsip32 of the reference implementation.
const key = [0x03020100, 0x07060504] as const;

test('hashWords() gives the reference vectors', () => {
  for (const [length, expected] of [
    [0, 0x5b9f35a9],
    [4, 0x89466e2a],
    [8, 0x8f84b8d0],
  ] as const) {
    const words = Array.from({ length: length / 4 }, (_, word) => 0x03020100 + word * 0x04040404);
    assert.equal((hashWords(key, words) >>> 0).toString(16), expected.toString(16), String(length));
  }
});

test('hashText() tells texts and keys apart', () => {
  const texts = ['', 'a', 'b', 'ab', 'ba', 'aa', 'aaa', 'alice', 'alicf', 'a\0', '\0a'];
  assert.equal(new Set(texts.map((text) => hashText(key, text))).size, texts.length);
  assert.notEqual(hashText(key, 'alice'), hashText([1, 2], 'alice'));
});
