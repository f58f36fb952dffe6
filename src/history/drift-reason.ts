/** What can be known of drift: the paths, when they changed, whose they are, who was logged in. */
import { parseReason, type Reason } from './reason.ts';
import type { Difference } from './difference.ts';
import type { Result } from '../base/result.ts';

export interface DriftFacts {
  readonly differences: readonly Difference[];
  /** Milliseconds since 1970. */
  readonly seenAt: number;
  readonly loggedIn: readonly string[];
}

const mostNames = 3;

export function driftReason({ differences, seenAt, loggedIn }: DriftFacts): Result<Reason> {
  const paths = differences.map(({ path }) => path);
  const names = paths.slice(0, mostNames).join(', ').slice(0, 200);
  const more = paths.length > mostNames ? ` and ${paths.length - mostNames} more` : '';
  const owners = new Set(differences.flatMap(({ after }) => (after === undefined ? [] : [after.owner])));
  return parseReason(
    [
      `drift: ${names}${more}`,
      '',
      `seen: ${new Date(seenAt).toISOString()}`,
      `owned by: ${[...owners].join(', ') || 'nobody: removed'}`,
      `logged in: ${loggedIn.slice(0, 20).join('; ').slice(0, 2000) || 'nobody'}`,
    ].join('\n'),
  );
}
