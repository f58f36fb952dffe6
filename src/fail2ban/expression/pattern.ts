/**
 * A regular expression of Python's `re` as a tree. What Python decides while compiling is decided here:
 * each node carries the flags that were in force where it stood, group names are numbers.
 */
export type Pattern =
  | { readonly kind: 'sequence'; readonly items: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly branches: readonly Pattern[] }
  | ({ readonly kind: 'literal'; readonly code: number } & CaseRule)
  | { readonly kind: 'any'; readonly newline: boolean }
  | ({ readonly kind: 'set'; readonly negated: boolean; readonly items: readonly SetItem[] } & CaseRule)
  | { readonly kind: 'edge'; readonly at: Edge; readonly ascii: boolean }
  | { readonly kind: 'group'; readonly number: number; readonly body: Pattern }
  | { readonly kind: 'reference'; readonly number: number; readonly ignoreCase: boolean }
  | { readonly kind: 'look'; readonly ahead: boolean; readonly negated: boolean; readonly body: Pattern }
  | { readonly kind: 'conditional'; readonly number: number; readonly yes: Pattern; readonly no: Pattern }
  | Repeat
  | { readonly kind: 'atomic'; readonly body: Pattern };

export interface Repeat {
  readonly kind: 'repeat';
  readonly least: number;
  /** Infinity for no limit. */
  readonly most: number;
  readonly style: 'greedy' | 'lazy' | 'possessive';
  readonly body: Pattern;
}

export interface CaseRule {
  readonly ignoreCase: boolean;
  /** The flag `a`: classes and case know ASCII alone. */
  readonly ascii: boolean;
}

/** Code points from–to, or one of Python's classes. */
export type SetItem = { readonly from: number; readonly to: number } | { readonly class: ClassLetter };

export type ClassLetter = 'd' | 'D' | 's' | 'S' | 'w' | 'W';

/**
 * `end`: before a final newline or at the end (`$`); `text-end`: at the end alone (`\Z`); the lines'
 * are what `^` and `$` are under the flag `m`.
 */
export type Edge = 'start' | 'end' | 'text-end' | 'line-start' | 'line-end' | 'word' | 'no-word';

export const nothing: Pattern = { kind: 'sequence', items: [] };

/** A set without items: matches never. */
export const never: Pattern = { kind: 'set', negated: false, items: [], ignoreCase: false, ascii: true };

/** The parts that a node is made of. */
export function partsOf(pattern: Pattern): readonly Pattern[] {
  switch (pattern.kind) {
    case 'sequence':
      return pattern.items;
    case 'choice':
      return pattern.branches;
    case 'group':
    case 'look':
    case 'repeat':
    case 'atomic':
      return [pattern.body];
    case 'conditional':
      return [pattern.yes, pattern.no];
    default:
      return [];
  }
}
