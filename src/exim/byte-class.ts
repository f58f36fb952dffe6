/** What a byte of a log line can be part of, as bits: one look in a table instead of comparisons. */
export const digit = 1;
/** Letters, digits, underscore. */
export const wordByte = 2;
/** Letters and digits. */
export const letterOrDigit = 4;

export const byteClass: Uint8Array = new Uint8Array(256);

for (let code = 0; code < 128; code += 1) {
  const character = String.fromCharCode(code);
  byteClass[code] =
    (/\d/.test(character) ? digit : 0) |
    (/\w/.test(character) ? wordByte : 0) |
    (/[0-9A-Za-z]/.test(character) ? letterOrDigit : 0);
}
