/** One record with what it changed; a click at a line tells the reasons behind it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Records, RecordText } from '../../server/api/history.ts';
import { useAsked } from '../asked.ts';
import { session } from '../client.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Patch } from '../parts/patch.tsx';
import { RecordItem } from '../parts/record-item.tsx';
import { Text } from '../parts/text.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { routeTo } from '../route.ts';

interface Place {
  readonly path: string;
  readonly line: number;
}

export function RecordPage({
  folder,
  commit,
}: {
  readonly folder: string;
  readonly commit: string;
}): JSX.Element {
  const query = `folder=${encodeURIComponent(folder)}`;
  const { answer, problem, again } = useAsked<RecordText>(
    `/api/history/record?${query}&commit=${encodeURIComponent(commit)}`,
  );
  const [place, setPlace] = useState<Place>();
  return (
    <>
      <h1 tabIndex={-1}>
        Record <code>{commit.slice(0, 12)}</code>
      </h1>
      <p>
        <a href={routeTo('history')}>All records</a>
      </p>
      <Trouble problem={problem} />
      {answer === undefined ? null : (
        <>
          <ol class="records">
            <RecordItem folder={folder} record={answer.record} again={again} />
          </ol>
          {session.value?.mayChange === true && answer.record.count > 0 ? (
            <div class="actions">
              <ActButton
                path="/api/history/undo"
                body={{ folder, commit: answer.record.commit }}
                label="Undo this change"
                about={`Undo this change: ${answer.record.reason.split('\n')[0] ?? ''}`}
                asks="Undo it now?"
                look="secondary"
                said="It is undone, rehearsed and proved. In ten minutes it comes back unless you keep the undo: see History."
              />
            </div>
          ) : null}
          {answer.diff === '' ? null : (
            <p class="quiet">A click at the number of a line tells the reasons behind it.</p>
          )}
          {place === undefined ? null : <Why folder={folder} place={place} />}
          <Patch
            text={answer.diff}
            why={(path, line) => {
              setPlace({ path, line });
            }}
          />
        </>
      )}
    </>
  );
}

function Why({
  folder,
  place: { path, line },
}: {
  readonly folder: string;
  readonly place: Place;
}): JSX.Element {
  const { answer, problem } = useAsked<Records>(
    `/api/history/why?folder=${encodeURIComponent(folder)}&path=${encodeURIComponent(path)}&line=${line}`,
  );
  return (
    <aside class="why" aria-live="polite">
      <h2>
        Why line {line} of <Text of={path} />
      </h2>
      <Trouble problem={problem} />
      <ol>
        {answer?.records.map(({ commit, reason, person, explained }) => (
          <li key={commit}>
            <code>{commit.slice(0, 12)}</code> <Text of={explained ?? reason} />{' '}
            <small>
              <Text of={person} />
            </small>
          </li>
        ))}
      </ol>
    </aside>
  );
}
