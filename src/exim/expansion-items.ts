/**
 * Finds the items that Exim expands in a string (manual, chapter 11): `$name`, `${…}` up to its closing
 * brace. An item that never closes reaches to the end; a `$` before anything else is an item by itself,
 * which Exim refuses. What a backslash or `\N…\N` protects is no item.
 */
export interface ExpansionItem {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** False where its last brace is missing. */
  readonly closed: boolean;
}

export function expansionItems(text: string): ExpansionItem[] {
  const items: ExpansionItem[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === '$') {
      const braces = text[at + 1] === '{' ? closingBrace(text, at + 1) : endOfName(text, at + 1);
      const end = braces ?? text.length;
      items.push({ start: at, end, text: text.slice(at, end), closed: braces !== undefined });
      at = end;
    } else {
      at = next(text, at);
    }
  }
  return items;
}

/** Stands where an item stood. */
export const expanded = '\u0001';

/** The text with each item replaced by `expanded`: what is left is literal. */
export function withoutExpansions(text: string): string {
  let rest = '';
  let from = 0;
  for (const { start, end } of expansionItems(text)) {
    rest += text.slice(from, start) + expanded;
    from = end;
  }
  return rest + text.slice(from);
}

/** The position after the brace that closes the one at `open`. */
export function closingBrace(text: string, open: number): number | undefined {
  let depth = 0;
  let at = open;
  while (at < text.length) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at + 1;
    at = next(text, at);
  }
  return undefined;
}

function next(text: string, at: number): number {
  if (text[at] !== '\\') return at + 1;
  if (text[at + 1] !== 'N') return at + 2;
  const end = text.indexOf('\\N', at + 2);
  return end < 0 ? text.length : end + 2;
}

/** Header names run on to a colon or white space and may hold hyphens. */
function endOfName(text: string, from: number): number {
  const pattern = /(?:(?:[rlb]?h(?:eader)?_)[!-9;-~]*:?|[A-Za-z0-9]\w*)/y;
  pattern.lastIndex = from;
  return from + (pattern.exec(text)?.[0].length ?? 0);
}
