/** A problem, with what to do about it. */
import type { JSX } from 'preact';
import type { Problem } from '../../base/problem.ts';
import { Text } from './text.tsx';

export function Trouble({ problem }: { readonly problem: Problem | undefined }): JSX.Element | null {
  if (problem === undefined) return null;
  return (
    <p class="trouble" role="alert">
      <Text of={problem.message} />
      {problem.hint === undefined ? null : (
        <small>
          <Text of={problem.hint} />
        </small>
      )}
    </p>
  );
}
