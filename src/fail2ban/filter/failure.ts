/** A failure while it is put together: the groups that were found, and what earlier lines of its connection gave. */
import type { Groups } from './line-expression.ts';
import type { LineParts } from './line-parts.ts';

export interface Failure {
  groups: Groups;
  /** The lines that show it; their number is that of the attempts. */
  matches: readonly LineParts[] | undefined;
  /** Lines that were no failure by themselves. */
  spared: readonly LineParts[] | undefined;
  /** All logins of the connection; undefined until the second line of it. */
  users: ReadonlySet<string> | undefined;
  /** It counts as soon as an address is known. */
  pending: boolean;
}

/** Whether a group has been found, and is not empty. */
export function has(groups: Groups, name: string): boolean {
  const value = groups.get(name);
  return value !== undefined && value.length > 0;
}

export function textOf(groups: Groups, name: string): string | undefined {
  const value = groups.get(name);
  return typeof value === 'string' ? value : undefined;
}
