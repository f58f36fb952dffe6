/** Tells the reason of a record later. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Problem } from '../../base/problem.ts';
import { tell } from '../client.ts';
import { Trouble } from './trouble.tsx';

export interface ExplainFormProps {
  readonly folder: string;
  readonly commit: string;
  readonly done: () => void;
}

export function ExplainForm({ folder, commit, done }: ExplainFormProps): JSX.Element {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const outcome = await tell('/api/history/explain', { folder, commit, reason });
    setProblem(outcome.ok ? undefined : outcome.problem);
    if (outcome.ok) done();
  };
  return (
    <form class="explain" onSubmit={(event) => void submit(event)}>
      <fieldset role="group">
        <input
          required
          aria-label={`why ${commit.slice(0, 12)} was changed`}
          placeholder="Why was it changed?"
          value={reason}
          onInput={({ currentTarget }) => {
            setReason(currentTarget.value);
          }}
        />
        <button type="submit">Explain</button>
      </fieldset>
      <Trouble problem={problem} />
    </form>
  );
}
