/** One expression of a filter: tags resolved, compiled, and its groups as fail2ban gives them. */
import { fail, ok, type Result } from '../../base/result.ts';
import { compileExpression, type Expression, type Match } from '../expression/expression.ts';
import { groupOf, resolveTags, type UseDns } from './resolve-tags.ts';

/** Undefined where a group is not set; a list where parts were put together (`tuple_`). */
export type Groups = Map<string, GroupValue>;
export type GroupValue = string | undefined | readonly (string | undefined)[];

export interface LineExpression {
  /** As it was written, tags and all. */
  readonly written: string;
  readonly expression: Expression;
  groupsOf(match: Match): Groups;
}

export interface LineExpressionOptions {
  readonly useDns: UseDns;
  /** More than one line is matched at once. */
  readonly multiline: boolean;
}

/** Groups of which a failure must have one, to be known by. */
const identities = ['fid', 'ip4', 'ip6', 'dns', 'mlfid'];

export function namesSomebody({ expression }: LineExpression): boolean {
  return identities.some((name) => expression.names.has(name));
}

export function lineExpression(source: string, options: LineExpressionOptions): Result<LineExpression> {
  const resolved = resolveTags(source, options.useDns);
  if (!resolved.ok) return resolved;
  if (resolved.value.trimStart() === '')
    return fail('configuration', 'cannot use the expression: needs something to look for: it is empty');
  const compiled = compileExpression(resolved.value, { multiline: options.multiline, namedOnly: true });
  if (!compiled.ok) {
    const near = resolved.value.slice(Math.max(0, compiled.at - 20), compiled.at + 20);
    return fail(
      'configuration',
      `cannot compile the expression: Python's syntax: ${compiled.says} at position ${compiled.at}, near ${near}`,
    );
  }
  const { expression } = compiled;
  const names = [...expression.names];
  const alternatives = complexNames(names, 'alt_');
  const tuples = complexNames(names, 'tuple_');
  return ok({
    written: source,
    expression,
    groupsOf: (match) => {
      const groups: Groups = new Map();
      for (const [name, number] of names) groups.set(name, match.group(number));
      for (const [from, to] of alternatives) {
        const value = groups.get(from);
        if (isFilled(value) && !isFilled(groups.get(to))) groups.set(to, value);
      }
      for (const [from, to] of tuples) {
        const value = groups.get(from) as string | undefined;
        const before = groups.get(to);
        groups.set(to, typeof before === 'object' ? [...before, value] : [before, value]);
      }
      return groups;
    },
  });
}

function isFilled(value: GroupValue): boolean {
  return value !== undefined && value.length > 0;
}

/** Names like `alt_user_2`, each with the one it counts for, in their order. */
function complexNames(names: readonly (readonly [string, number])[], prefix: string): [string, string][] {
  return names
    .map(([name]) => [name, new RegExp(`^${prefix}(.*?)(?:_\\d+)?$`).exec(name)?.[1]] as const)
    .flatMap(([name, of]): [string, string][] => (of === undefined ? [] : [[name, groupOf(of)]]))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
