/**
 * Joins the failures of one connection (`<F-MLFID>`): a line may give the address, a later one the failure,
 * and a login that succeeds (`<F-MLFGAINED>`) takes back what one person's retries have left pending.
 */
import type { ConnectionMemory } from './connection-memory.ts';
import { type Failure, has, textOf } from './failure.ts';
import type { LineParts } from './line-parts.ts';

export function mergeFailure(
  connection: string,
  found: Failure,
  matched: readonly LineParts[],
  memory: ConnectionMemory<Failure>,
  now: number,
): Failure {
  let failure = found;
  const groups = failure.groups;
  let gained = false;
  let spared = false;
  if (has(groups, 'mlfgained')) {
    gained = true;
    spared = true;
    if (!has(groups, 'nofail')) groups.set('nofail', groups.get('mlfgained'));
  } else if (has(groups, 'nofail')) spared = true;
  const forgets = has(groups, 'mlfforget');
  groups.delete('mlfforget');

  const user = textOf(groups, 'user');
  const known = memory.get(connection, now);
  let users: ReadonlySet<string> | undefined;
  if (known !== undefined) {
    users = withUser(known, user);
    const wasSpared = has(known.groups, 'nofail') || has(known.groups, 'mlfgained');
    known.groups.delete('nofail');
    known.groups.delete('mlfgained');
    if (gained) known.pending = false;
    // Without a pending failure its lines have been told already.
    if (!wasSpared && !known.pending) known.matches = undefined;
    for (const [name, value] of groups) if (value !== undefined) known.groups.set(name, value);
    if (failure.matches !== undefined) known.matches = failure.matches;
    failure = known;
    if (forgets) memory.forget(connection);
  } else if (!forgets) {
    users = withUser(failure, user);
    memory.set(connection, failure, now);
  }
  const pending = failure.pending;
  failure.pending = false;
  if (pending || (users?.size ?? 0) > 1) {
    failure.groups.delete('nofail');
    failure.groups.delete('mlfgained');
    gained = false;
    spared = false;
  }
  if (!spared) {
    failure.matches = [...(failure.spared ?? []), ...(failure.matches ?? []), ...(gained ? [] : matched)];
    failure.spared = undefined;
  } else if (!forgets) failure.spared = [...(failure.spared ?? []), ...matched];
  return failure;
}

function withUser(failure: Failure, user: string | undefined): ReadonlySet<string> | undefined {
  if (user !== undefined && user !== '' && failure.users?.has(user) !== true)
    failure.users = new Set([...(failure.users ?? []), user]);
  return failure.users;
}
