/** What the API answers to a question, as a part of the page: asked when it is shown, again and again, and when something is new. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Problem } from '../base/problem.ts';
import { ask } from './client.ts';

export interface Asked<Answer> {
  readonly answer?: Answer;
  readonly problem?: Problem;
  readonly again: () => void;
}

/** `everyMs`: 0 for once. What is asked while the page is hidden would be seen by nobody. */
export function useAsked<Answer>(path: string, everyMs = 0): Asked<Answer> {
  const [state, setState] = useState<{
    readonly path: string;
    readonly answer?: Answer;
    readonly problem?: Problem;
  }>({ path });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isShown = true;
    const question = async (): Promise<void> => {
      if (document.hidden && round > 0) return;
      const asked = await ask<Answer>(path);
      if (!isShown) return;
      setState((before) => {
        if (asked.ok) return { path, answer: asked.value };
        // The last answer stays, beside the problem.
        return { ...(before.path === path ? before : { path }), problem: asked.problem };
      });
    };
    void question();
    const timer = everyMs > 0 ? setInterval(() => void question(), everyMs) : undefined;
    return () => {
      isShown = false;
      clearInterval(timer);
    };
  }, [path, everyMs, round]);
  const again = useCallback(() => {
    setRound((before) => before + 1);
  }, []);
  const { answer, problem } = state.path === path ? state : {};
  return {
    ...(answer === undefined ? {} : { answer }),
    ...(problem === undefined ? {} : { problem }),
    again,
  };
}
