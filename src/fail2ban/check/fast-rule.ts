/** A failregex where nobody asks for more than whether a match counts: with those groups alone that decide about it. */
import type { Narrow } from '../expression/expression.ts';
import type { LineExpression } from '../filter/line-expression.ts';
import type { SeenFailure } from './connection-verdicts.ts';

export interface FastRule {
  readonly rule: LineExpression;
  readonly literals: readonly string[] | undefined;
  /** Undefined where it does not match. */
  match(text: string, asciiText: boolean): SeenFailure | undefined;
}

const identities = ['fid', 'ip4', 'ip6', 'dns'];

/** `inConnection`: what it says of its connection counts as well. Undefined where it cannot be said so simply. */
export function fastRule(rule: LineExpression, inConnection: boolean): FastRule | undefined {
  const { expression } = rule;
  const names = [...expression.names.keys()];
  // Put together of several groups, or a connection of its own.
  if (names.some((name) => name === 'mlfid' || /^tuple_|^alt_(?!user(?:_\d+)?$)/.test(name)))
    return undefined;
  const isKnown = expression.alwaysSetsOne(identities);
  const who = isKnown ? [] : identities.filter((name) => expression.names.has(name));
  const users = inConnection
    ? names.filter((name) => name === 'user' || name.startsWith('alt_user')).toSorted(userFirst)
    : [];
  const marks = inConnection ? ['nofail', 'mlfgained', 'mlfforget'] : ['nofail'];
  const marked = new Set(marks.filter((name) => expression.names.has(name)));
  const wanted = [...who, ...users, ...marked];
  const narrow = expression.narrow(wanted);
  if (narrow === undefined) return undefined;
  const { literals } = expression;
  if (wanted.length === 0) {
    const seen = { user: undefined, nofail: false, gained: false, forgets: false, hasIdentity: isKnown };
    return { rule, literals, match: (text, ascii) => (narrow.test(text, ascii) ? seen : undefined) };
  }
  return {
    rule,
    literals,
    match: (text, ascii) => {
      const found = narrow.exec(text, ascii);
      if (found === null) return undefined;
      const isMarked = (name: string): boolean =>
        marked.has(name) && (group(narrow, found, name) ?? '') !== '';
      let user: string | undefined;
      for (const name of users) if ((user ?? '') === '') user = group(narrow, found, name) ?? user;
      return {
        user,
        nofail: isMarked('nofail'),
        gained: isMarked('mlfgained'),
        forgets: isMarked('mlfforget'),
        hasIdentity: isKnown || who.some((name) => group(narrow, found, name) !== undefined),
      };
    },
  };
}

function userFirst(one: string, other: string): number {
  if (one === 'user' || other === 'user') return one === 'user' ? -1 : 1;
  return one < other ? -1 : 1;
}

function group({ numbers }: Narrow, found: RegExpExecArray, name: string): string | undefined {
  for (const number of numbers.get(name) ?? []) if (found[number] !== undefined) return found[number];
  return undefined;
}
