/** Without the blanks at both ends, as Python's str.strip() has them: its set is not quite that of JavaScript. */
export function strip(text: string): string {
  // oxlint-disable-next-line no-control-regex -- Python counts them among the blanks
  return text.replace(/^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g, '');
}
