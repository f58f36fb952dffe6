/** The door: a password, or the way to a link. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Problem } from '../../base/problem.ts';
import { logIn } from '../log-in.ts';
import { Trouble } from '../parts/trouble.tsx';

export function LoginPage(): JSX.Element {
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const admitted = await logIn({ password });
    setBusy(false);
    if (!admitted.ok) setProblem(admitted.problem);
  };
  return (
    <main class="container door">
      <h1>Portreeve</h1>
      <p>
        Run <code>portreeve web login</code> on the server and open the link that it prints.
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <label>
          or the password of the page
          <input
            type="password"
            name="password"
            autocomplete="current-password"
            required
            value={password}
            onInput={({ currentTarget }) => {
              setPassword(currentTarget.value);
            }}
          />
        </label>
        <button type="submit" aria-busy={busy} disabled={busy}>
          Log in
        </button>
      </form>
      <Trouble problem={problem} />
    </main>
  );
}
