/** A change that waits to be confirmed, with its countdown; or one that a crash has interrupted. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { WaitingChange as Change } from '../../server/api/history.ts';
import { session } from '../client.ts';
import { moment } from '../moment.ts';
import { ActButton } from './act-button.tsx';
import { Text } from './text.tsx';

export function WaitingChange({
  change,
  again,
}: {
  readonly change: Change;
  readonly again: () => void;
}): JSX.Element {
  const { id, folder, state, reason, person, at, until, files } = change;
  return (
    <article class="waiting" data-change={id}>
      <header>
        <strong>
          <Text of={reason.split('\n')[0] ?? ''} />
        </strong>{' '}
        <small>
          <Text of={person} />, {moment(at)}, <Text of={folder} />
        </small>
      </header>
      {until === undefined ? (
        <p>
          {state === 'working'
            ? 'Being made right now.'
            : 'Interrupted by a crash: the next change or record repairs it.'}
        </p>
      ) : (
        <Countdown until={until} />
      )}
      <ul>
        {files.map((file) => (
          <li key={file}>
            <Text of={file} />
          </li>
        ))}
      </ul>
      {session.value?.mayChange === true && state === 'waiting' ? (
        <div class="actions">
          <ActButton
            path="/api/changes/confirm"
            body={{ id }}
            label="Keep it"
            about={`Keep it: the change ${reason}`}
            done={again}
          />
          <ActButton
            path="/api/changes/abort"
            body={{ id }}
            label="Take it back"
            about={`Take it back: the change ${reason}`}
            look="secondary"
            done={again}
          />
        </div>
      ) : null}
    </article>
  );
}

function Countdown({ until }: { readonly until: number }): JSX.Element {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  const said = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  return (
    <p>
      Is taken back in <strong role="timer">{said}</strong> if nobody keeps it.
    </p>
  );
}
