/** A filter that is to be run over a log. */
import type { FilterDefinition } from '../config/filter-definition.ts';

export interface LoadedFilter {
  /** What it is, in words: `filter exim`, `expression`. */
  readonly says: string;
  readonly definition: FilterDefinition;
  /** Where an option stands, for a problem with it. */
  readonly place: (option: string) => string | undefined;
}

/** Whether it looks like the name of a filter or a file, with options or without. */
export function mayBeFilter(text: string): boolean {
  return /^\/{0,3}[\w/.-]+(?:\[.*\])?$/s.test(text);
}

/** An expression as it is. */
export function expressionFilter(text: string): LoadedFilter {
  const definition = {
    prefregex: undefined,
    failregex: [text],
    ignoreregex: [],
    maxlines: 1,
    datepattern: undefined,
    journalmatch: [],
    usedns: undefined,
  };
  return { says: 'expression', definition, place: () => undefined };
}
