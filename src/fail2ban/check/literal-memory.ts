/**
 * Where everything lies in the memory of one literal scanner, in bytes: read by both its sides, assembly/ and
 * literal-scanner.ts. Addresses below 32 KiB are the compiler's own.
 */

/** Six tables of 16 bytes: for the first three bytes of a literal, the buckets by low half and by high half. */
export const tablesAt = 0x8000;
/** Room for the buckets that 16 bytes may belong to. */
export const lanesAt = 0x8080;
/** Pairs of words for each of eight buckets: the first literal, and the one behind the last. */
export const bucketsAt = 0x8100;

/** Four words for each literal: where its text begins, its length, and a bit for its owner in two words. */
export const literalsAt = 0x8200;
export const mostLiterals = 512;
export const textsAt = 0xa200;
export const textsSize = 0x5000;

/** Behind it are bytes for whoever looks ahead. */
export const blockAt = 0x10000;
export const blockSize = 0x400000;

/**
 * Three words for each line: the offset of its newline, and whose literals it holds. The last bit of the
 * third says that it is not ASCII alone.
 */
export const linesAt = 0x411000;
export const mostLines = 16_384;

export const memorySize = 0x450000;
