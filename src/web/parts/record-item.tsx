/** One record: who, when, why, and what it changed. */
import type { JSX } from 'preact';
import type { ApiRecord } from '../../server/api/history.ts';
import { session } from '../client.ts';
import { moment } from '../moment.ts';
import { routeTo } from '../route.ts';
import { ExplainForm } from './explain-form.tsx';
import { Text } from './text.tsx';

export interface RecordItemProps {
  readonly folder: string;
  readonly record: ApiRecord;
  readonly again: () => void;
}

export function RecordItem({ folder, record, again }: RecordItemProps): JSX.Element {
  const { commit, at, person, reason, explained, isUnexplained, changes, count } = record;
  const [first = '', ...further] = reason.split('\n');
  return (
    <li class={isUnexplained ? 'record needed' : 'record'} data-commit={commit}>
      <div>
        <a href={routeTo('history', folder, commit)}>
          <code>{commit.slice(0, 12)}</code>
        </a>{' '}
        <strong>
          <Text of={first} />
        </strong>{' '}
        <small>
          <Text of={person} />, <time dateTime={new Date(at).toISOString()}>{moment(at)}</time>
        </small>
      </div>
      {further.join('').trim() === '' ? null : (
        <pre>
          {further
            .filter((line) => line.trim() !== '')
            .map((line, place) => (
              <div key={place}>
                <Text of={line} />
              </div>
            ))}
        </pre>
      )}
      {explained === undefined ? null : (
        <p class="explained">
          <Text of={explained} />
        </p>
      )}
      {count === 0 ? null : (
        <details>
          <summary>{count === 1 ? <Text of={changes[0] ?? ''} /> : `${count} paths`}</summary>
          <ul>
            {changes.map((change) => (
              <li key={change}>
                <Text of={change} />
              </li>
            ))}
            {count > changes.length ? <li>and {count - changes.length} more</li> : null}
          </ul>
        </details>
      )}
      {isUnexplained && session.value?.mayChange === true ? (
        <ExplainForm folder={folder} commit={commit} done={again} />
      ) : null}
    </li>
  );
}
