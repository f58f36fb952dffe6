/** A button that changes something: it says what came of it, and what went wrong, beside itself. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Problem } from '../../base/problem.ts';
import { tell } from '../client.ts';
import { Trouble } from './trouble.tsx';

export interface ActButtonProps {
  readonly path: string;
  readonly body: unknown;
  readonly label: string;
  /** What a screen reader says, where the label alone is not enough. */
  readonly about?: string;
  readonly look?: 'secondary' | 'contrast';
  /** Asked by the button itself before it acts: a second click says yes. */
  readonly asks?: string;
  /** Shown when it is done, where nothing else shows that. */
  readonly said?: string;
  readonly done?: () => void;
}

export function ActButton({ path, body, label, about, look, asks, said, done }: ActButtonProps): JSX.Element {
  const [busy, setBusy] = useState(false);
  const [isDone, setDone] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [isAsking, setAsking] = useState(false);
  const act = async (): Promise<void> => {
    setAsking(asks !== undefined && !isAsking);
    if (asks !== undefined && !isAsking) return;
    setBusy(true);
    const outcome = await tell(path, body);
    setBusy(false);
    setProblem(outcome.ok ? undefined : outcome.problem);
    setDone(outcome.ok);
    if (outcome.ok) done?.();
  };
  return (
    <>
      <button
        type="button"
        class={look ?? ''}
        aria-busy={busy}
        disabled={busy}
        aria-label={isAsking ? asks : (about ?? label)}
        onBlur={() => {
          setAsking(false);
        }}
        onClick={() => void act()}
      >
        {isAsking ? asks : label}
      </button>
      {isDone && said !== undefined ? (
        <span class="quiet" role="status">
          {said}
        </span>
      ) : null}
      <Trouble problem={problem} />
    </>
  );
}
