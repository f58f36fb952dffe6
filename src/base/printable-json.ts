/**
 * A value as JSON that a terminal may show: what printable() shows as `\x9b` is escaped as `\u009b`, so
 * that a program reads the character and a terminal never sees it. (JSON itself escapes below U+0020 alone.)
 */
const unprintable = /[\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
