/** Notices, the newest first, with their evidence folded away. */
import type { JSX } from 'preact';
import type { ApiNotice } from '../../server/api/notice.ts';
import { moment } from '../moment.ts';
import { Text } from './text.tsx';

const names: Readonly<Record<ApiNotice['kind'], string>> = {
  ban: 'ban',
  attack: 'attack',
  'login-attack': 'login attack',
  drift: 'drift',
  change: 'change',
  certificate: 'certificate',
  starttls: 'encryption',
  trouble: 'trouble',
};

export function NoticeList({
  of,
  none,
}: {
  readonly of: readonly ApiNotice[];
  readonly none: string;
}): JSX.Element {
  if (of.length === 0) return <p class="quiet">{none}</p>;
  return (
    <ol class="notices">
      {of.map((notice) => (
        <li key={`${notice.at} ${notice.kind} ${notice.subject}`} class={notice.urgency}>
          <p>
            <time dateTime={new Date(notice.at).toISOString()}>{moment(notice.at)}</time>{' '}
            <span class={`tag ${notice.kind}`}>{names[notice.kind]}</span> <Text of={notice.title} />
          </p>
          <Evidence notice={notice} />
        </li>
      ))}
    </ol>
  );
}

function Evidence({ notice: { lines, hint } }: { readonly notice: ApiNotice }): JSX.Element {
  return (
    <>
      {hint === undefined ? null : (
        <small class="hint">
          {hint.startsWith('portreeve ') ? (
            <code>
              <Text of={hint} />
            </code>
          ) : (
            <Text of={hint} />
          )}
        </small>
      )}
      {lines.length === 0 ? null : (
        <details>
          <summary>
            {lines.length === 1 ? 'one line of evidence' : `${lines.length} lines of evidence`}
          </summary>
          <pre>
            {lines.map((line, place) => (
              <div key={place}>
                <Text of={line} />
              </div>
            ))}
          </pre>
        </details>
      )}
    </>
  );
}
