/** What was changed and why, what waits for a person, and what nobody has explained. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Folders, FolderState, Records, WaitingChange as Change } from '../../server/api/history.ts';
import { useAsked } from '../asked.ts';
import { counted } from '../../base/counted.ts';
import { RecordItem } from '../parts/record-item.tsx';
import { Text } from '../parts/text.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { WaitingChange } from '../parts/waiting-change.tsx';
import { RecordPage } from './record.tsx';

export function HistoryPage({ rest: [folder, commit] }: { readonly rest: readonly string[] }): JSX.Element {
  if (folder !== undefined && commit !== undefined) return <RecordPage folder={folder} commit={commit} />;
  return <HistoryOverview />;
}

function HistoryOverview(): JSX.Element {
  const folders = useAsked<Folders>('/api/history/folders', 10_000);
  const changes = useAsked<{ readonly changes: readonly Change[] }>('/api/changes', 3000);
  const known = folders.answer?.folders ?? [];
  return (
    <>
      <h1 tabIndex={-1}>History</h1>
      <Trouble problem={changes.problem ?? folders.problem} />
      {changes.answer === undefined || changes.answer.changes.length === 0 ? null : (
        <section aria-labelledby="waiting">
          <h2 id="waiting">Waiting</h2>
          {changes.answer.changes.map((change) => (
            <WaitingChange key={change.id} change={change} again={changes.again} />
          ))}
        </section>
      )}
      {folders.answer !== undefined && known.length === 0 ? (
        <p class="quiet">
          No folder is tracked. Begin on the server:{' '}
          <code>portreeve history init /etc/exim4 -m "as it is"</code>
        </p>
      ) : null}
      {known.map((state) => (
        <Folder key={state.folder} state={state} again={folders.again} />
      ))}
    </>
  );
}

const page = 30;

function Folder({
  state: { folder, drift, unexplained },
  again,
}: {
  readonly state: FolderState;
  readonly again: () => void;
}): JSX.Element {
  const [limit, setLimit] = useState(page);
  const records = useAsked<Records>(
    `/api/history/records?folder=${encodeURIComponent(folder)}&limit=${limit}`,
    10_000,
  );
  return (
    <section data-folder={folder}>
      <h2>
        <Text of={folder} />
      </h2>
      <p>
        {drift.length === 0
          ? 'Nothing has changed since the last record.'
          : `${counted(drift.length, 'path has', 'paths have')} changed since the last record.`}{' '}
        {unexplained.length === 0
          ? ''
          : `${counted(unexplained.length, 'record waits', 'records wait')} for a reason.`}
      </p>
      {drift.length === 0 ? null : (
        <ul class="drift">
          {drift.map((line) => (
            <li key={line}>
              <Text of={line} />
            </li>
          ))}
        </ul>
      )}
      <Trouble problem={records.problem} />
      <ol class="records">
        {records.answer?.records.map((record) => (
          <RecordItem
            key={record.commit}
            folder={folder}
            record={record}
            again={() => {
              records.again();
              again();
            }}
          />
        ))}
      </ol>
      {(records.answer?.records.length ?? 0) >= limit ? (
        <button
          type="button"
          class="secondary"
          onClick={() => {
            setLimit(limit + page);
          }}
        >
          Older ones
        </button>
      ) : null}
    </section>
  );
}
