/**
 * Where everything lies in the memory of one scanner, in bytes: read by both its sides, assembly/ and
 * line-scanner.ts. Addresses below 32 KiB are the compiler's own.
 */

/** What is known of the last line: assembly/shape.ts says what, in twelve words of 32 bits. */
export const fieldsAt = 0x8000;
/** The minute of the line before. */
export const minuteAt = 0x8080;
/** The first class of each shape, a word each; 0 where there is none. */
export const classOfShapeAt = 0x8100;

/** The block, and so many bytes more behind it for whoever looks ahead. */
export const blockAt = 0x10000;
export const blockSize = 0x80000;
export const spare = 128;
/** A bit for each byte of the block: it may end a word. */
export const stopsAt = 0xa0000;
/** Pairs of words, one for each line: the offset of its newline, how many `[` it holds. A line is a byte at least. */
export const linesAt = 0xc0000;

/** Records of classes, of which assembly/judge.ts says more. Number 0 is none. */
export const classesAt = 0x500000;
export const classSize = 256;
export const classCount = 2048;
/** IPv4 addresses seen lately, a word each, by so many bits of their hash. */
export const recentAt = 0x580000;
export const recentBits = 16;
/** Those that were not among them. A line that has a shape has 21 bytes at least. */
export const freshAt = 0x5c0000;

export const memorySize = 0x600000;
