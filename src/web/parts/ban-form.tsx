/** Bans an address by hand, with a reason. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Problem } from '../../base/problem.ts';
import { tell } from '../client.ts';
import { Trouble } from './trouble.tsx';

const lengths: readonly (readonly [string, number])[] = [
  ['ten minutes', 600],
  ['an hour', 3600],
  ['a day', 86_400],
  ['a week', 604_800],
];

export function BanForm({ done }: { readonly done: () => void }): JSX.Element {
  const [target, setTarget] = useState('');
  const [seconds, setSeconds] = useState(3600);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const outcome = await tell('/api/guard/ban', { target: target.trim(), seconds, reason });
    setProblem(outcome.ok ? undefined : outcome.problem);
    if (!outcome.ok) return;
    setTarget('');
    setReason('');
    done();
  };
  return (
    <details>
      <summary>Ban by hand</summary>
      <form onSubmit={(event) => void submit(event)}>
        <div class="grid">
          <label>
            Address or network
            <input
              required
              value={target}
              placeholder="192.0.2.1"
              onInput={({ currentTarget }) => {
                setTarget(currentTarget.value);
              }}
            />
          </label>
          <label>
            For
            <select
              value={seconds}
              onChange={({ currentTarget }) => {
                setSeconds(Number(currentTarget.value));
              }}
            >
              {lengths.map(([name, value]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label>
            Reason
            <input
              required
              maxLength={500}
              value={reason}
              onInput={({ currentTarget }) => {
                setReason(currentTarget.value);
              }}
            />
          </label>
        </div>
        <button type="submit">Ban</button>
        <Trouble problem={problem} />
      </form>
    </details>
  );
}
