/**
 * Which characters are one to Python when case is ignored (sre's `lower` and the table re._casefix): those
 * with the same lower case, and those whose lower cases have the same upper case (`s` and `ſ`).
 */

/** Last code point with a case is in the Adlam block. */
const lastCased = 0x1_e943;

let lowers: Map<number, number[]> | undefined;
let fellowsByUpper: Map<string, number[]> | undefined;

/** Python's lower case of one character, which is one character. */
export function lowerCase(code: number, ascii: boolean): number {
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? code + 32 : code;
  if (ascii) return code;
  // Its full lower case has two characters; sre takes the simple one.
  if (code === 0x130) return 0x69;
  const lower = String.fromCodePoint(code).toLowerCase();
  const [first = ''] = lower;
  return first.length === lower.length ? (first.codePointAt(0) ?? code) : code;
}

/** All characters that match `code`, itself included. */
export function caseFellows(code: number, ascii: boolean): number[] {
  const lower = lowerCase(code, ascii);
  if (ascii) return lower >= 0x61 && lower <= 0x7a ? [lower - 32, lower] : [code];
  return [...new Set(sameUpper(lower).flatMap((each) => withLower(each)))];
}

function sameUpper(lower: number): readonly number[] {
  if (fellowsByUpper === undefined) {
    fellowsByUpper = new Map();
    for (let code = 0; code <= lastCased; code += 1) {
      if ((code >= 0xd800 && code < 0xe000) || lowerCase(code, false) !== code) continue;
      const text = String.fromCodePoint(code);
      const upper = text.toUpperCase();
      if (upper !== text) push(fellowsByUpper, upper, code);
    }
  }
  return fellowsByUpper.get(String.fromCodePoint(lower).toUpperCase()) ?? [lower];
}

function withLower(lower: number): readonly number[] {
  if (lowers === undefined) {
    lowers = new Map();
    for (let code = 0; code <= lastCased; code += 1) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const each = lowerCase(code, false);
      if (each !== code) push(lowers, each, code);
    }
  }
  return [lower, ...(lowers.get(lower) ?? [])];
}

function push<Key>(map: Map<Key, number[]>, key: Key, value: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
