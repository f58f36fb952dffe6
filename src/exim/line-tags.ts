/**
 * The ` NAME=value` items of a log line, skipped in its bytes: the plain shapes of log-tags.ts alone.
 */
import type { LineBytes } from './line-bytes.ts';

const space = 0x20;
const quote = 0x22;

/** Where the items that start at `from` end; -1 where one is not plain, and the line has to be decoded. */
export function skipTags(line: LineBytes, from: number, end: number): number {
  const { bytes } = line;
  let at = from;
  while (at < end && bytes[at] === space) {
    const next = skipTag(line, at + 1, end);
    if (next === -1) return -1;
    if (next === 0) return at;
    at = next;
  }
  return at;
}

/** The end of the item whose name starts at `at`; 0 where it is none, -1 where it is not plain. */
function skipTag(line: LineBytes, at: number, end: number): number {
  const { bytes } = line;
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  const third = bytes[at + 2] ?? 0;
  if (second === 0x3d) {
    if (first === 0x43 && bytes[at + 2] === quote) return confirmation(bytes, at + 3, end);
    if (isPlainName(first)) return plainWord(line, at + 2, end);
    if (first === 0x48) return host(line, at + 2, end);
    if (first === 0x41) return plainLogin(line, at + 2, end);
    return isUpper(first) ? -1 : 0;
  }
  if (
    third === 0x3d &&
    ((first === 0x43 && second === 0x56) ||
      (second === 0x54 && (first === 0x51 || first === 0x44 || first === 0x52)))
  ) {
    return plainWord(line, at + 3, end);
  }
  if (third === 0x3d && first === 0x69 && second === 0x64) return plainWord(line, at + 3, end);
  // K, L, TFO, PRDR … and longer names: rare enough to be decoded.
  if (first === 0x4b && (second === space || at + 1 === end)) return at + 1;
  return isUpper(first) && !isLower(second) ? -1 : 0;
}

/** C F P Q R S T X: a word each, as a rule. */
function isPlainName(code: number): boolean {
  return code === 0x43 || code === 0x46 || (code >= 0x50 && code <= 0x54) || code === 0x58;
}

/** `H=name [address]:port*`: a host that was delivered to. */
function host(line: LineBytes, from: number, end: number): number {
  const { bytes } = line;
  let at = from;
  while (at < end && bytes[at] !== space) {
    const code = bytes[at] ?? 0;
    if (code === 0x5b || code === quote || code >= 0x80) return -1;
    at += 1;
  }
  if (at === end || bytes[at + 1] !== 0x5b) return bytes[at + 1] === 0x44 ? -1 : at;
  line.brackets += 1;
  at = plainWord(line, at + 2, end);
  if (at === -1) return -1;
  const last = bytes[at - 1];
  // With a port or a star after the bracket, the line is decoded.
  return last === 0x5d ? at : -1;
}

/** `C="…"`: plain where the first quote without a backslash ends it, and the line or a time follows. */
function confirmation(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    if (bytes[at] !== quote || bytes[at - 1] === 0x5c) continue;
    if (at + 1 === end) return end;
    const timed = bytes[at + 1] === space && bytes[at + 3] === 0x54 && bytes[at + 4] === 0x3d;
    return timed && (bytes[at + 2] === 0x51 || bytes[at + 2] === 0x44) ? at + 1 : -1;
  }
  return -1;
}

/** Up to the next space; -1 where a quote or a byte above ASCII is among it. */
export function plainWord(line: LineBytes, from: number, end: number): number {
  const { bytes } = line;
  for (let at = line.next(from); at < end; at = line.next(at + 1)) {
    const code = bytes[at] ?? 0;
    if (code === space) return at;
    if (code === quote || code >= 0x80) return -1;
  }
  return end;
}

/** A login may hold spaces: plain is one that ends at an item, ` rejected `, or the end. */
function plainLogin(line: LineBytes, from: number, end: number): number {
  const { bytes } = line;
  const at = plainWord(line, from, end);
  if (at === -1 || at === end) return at;
  if (bytes[at - 1] === 0x3a) return -1;
  const first = bytes[at + 1] ?? 0;
  const second = bytes[at + 2];
  const known = first === 0x46 || first === 0x53 || first === 0x43 || first === 0x58 || first === 0x50;
  if (known && second === 0x3d) return at;
  if (first === 0x4b && second === space) return at;
  return first === 0x72 && second === 0x65 && bytes[at + 3] === 0x6a && bytes[at + 9] === space ? at : -1;
}

function isUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

function isLower(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}
