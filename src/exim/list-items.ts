/**
 * The items of an Exim list (manual, section 6.21) that are literal: separated by `:` (doubled to stand
 * for itself), or by what follows a leading `<`. Items that depend on an expansion are left out.
 */
import { expanded, withoutExpansions } from './expansion-items.ts';

export interface ListItem {
  readonly negated: boolean;
  readonly text: string;
}

export function literalItems(list: string): ListItem[] {
  const literal = withoutExpansions(list).trim();
  const chosen = /^<([^\w\s])/.exec(literal)?.[1];
  const separator = chosen ?? ':';
  const body = chosen === undefined ? literal : literal.slice(2);
  const doubled = separator + separator;
  return body
    .replaceAll(doubled, '\0')
    .split(separator)
    .map((item) => item.replaceAll('\0', separator).trim())
    .filter((item) => item !== '' && !item.includes(expanded))
    .map((item) =>
      item.startsWith('!') ? { negated: true, text: item.slice(1).trim() } : { negated: false, text: item },
    );
}
