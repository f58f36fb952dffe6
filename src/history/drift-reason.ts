/** What can be known of drift: the paths, when they changed, whose they are, who was logged in. */
import type { Result } from '../base/result.ts';
import type { Difference } from './difference.ts';
import { parseReason, type Reason } from './reason.ts';

export interface DriftFacts {
  readonly differences: readonly Difference[];
  /** When the last of them was changed, as the kernel tells; unknown where all are gone. Milliseconds since 1970. */
  readonly changedAt?: number;
  /** Milliseconds since 1970. */
  readonly seenAt: number;
  /** The numbers of those that the paths belong to. */
  readonly uids: readonly number[];
  readonly loggedIn: readonly string[];
  /** A run of apt or dpkg was going on. */
  readonly packages?: boolean;
}

const mostNames = 3;

export function driftReason(facts: DriftFacts): Result<Reason> {
  const { differences, changedAt, seenAt, uids, loggedIn, packages } = facts;
  const paths = differences.map(({ path }) => path);
  const names = paths.slice(0, mostNames).join(', ').slice(0, 200);
  const more = paths.length > mostNames ? ` and ${paths.length - mostNames} more` : '';
  const owners = new Set(differences.flatMap(({ after }) => (after === undefined ? [] : [after.owner])));
  const numbers = uids.length === 0 ? '' : ` (uid ${uids.join(', ')})`;
  return parseReason(
    [
      `drift: ${names}${more}`,
      '',
      ...(changedAt === undefined ? [] : [`changed: ${new Date(changedAt).toISOString()}`]),
      `seen: ${new Date(seenAt).toISOString()}`,
      `owned by: ${owners.size === 0 ? 'nobody: removed' : `${[...owners].join(', ')}${numbers}`}`,
      `logged in: ${loggedIn.slice(0, 20).join('; ').slice(0, 2000) || 'nobody'}`,
      ...(packages === true ? ['packages: a run of apt or dpkg was going on'] : []),
    ].join('\n'),
  );
}
