/** A line cut at its date: what is before, the date itself, what is behind. The expressions see it without the date. */
export type LineParts = readonly [before: string, date: string, behind: string];

export function withoutDate(parts: LineParts): string {
  return parts[0] + parts[2];
}

/** What the expressions search: the lines without their dates, each ended by a newline. */
export function searched(lines: readonly LineParts[]): string {
  return `${lines.map(withoutDate).join('\n')}\n`;
}
