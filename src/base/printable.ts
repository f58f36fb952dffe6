/**
 * Text from outside (a log, a peer, a file) made fit for a terminal: control characters, among them
 * the escape that starts terminal commands, and bidirectional overrides are shown as `\x1b`, `\u{202e}`.
 */
const unprintable =
  // oxlint-disable-next-line no-control-regex -- naming control characters is the point
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
