/** What happened when: changes, bans, alerts and mail on one axis, and in words below it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Series } from '../../server/api/guard.ts';
import type { ApiNotice } from '../../server/api/notice.ts';
import type { Timeline } from '../../server/api/timeline.ts';
import { useAsked } from '../asked.ts';
import { Chart, type Line, type Mark } from '../parts/chart.tsx';
import { NoticeList } from '../parts/notice-list.tsx';
import { Trouble } from '../parts/trouble.tsx';

const lines: readonly Line[] = [
  { label: 'mail accepted', of: (name) => name === 'mail accepted', colour: '--good' },
  { label: 'mail sent', of: (name) => name === 'mail sent', colour: '--calm' },
  { label: 'bans', of: (name) => name.startsWith('ban ') || name === 'jail-ban', colour: '--bad' },
  { label: 'alerts', of: (name) => name === 'alert' || name === 'attack', colour: '--warning' },
];

const choices: readonly (readonly [string, (kind: ApiNotice['kind']) => boolean])[] = [
  ['everything', () => true],
  ['all but bans', (kind) => kind !== 'ban'],
  ['changes and drift', (kind) => kind === 'change' || kind === 'drift'],
  ['encryption', (kind) => kind === 'starttls' || kind === 'certificate'],
];

/** What was recorded; that something waits is no change yet. */
function changesIn(notices: readonly ApiNotice[]): readonly Mark[] {
  return notices
    .filter(({ kind, urgency }) => kind === 'change' && urgency === 'told')
    .map(({ at, title }) => ({ at, label: title }));
}

export function TimelinePage(): JSX.Element {
  const [choice, setChoice] = useState(0);
  const series = useAsked<Series>('/api/guard/series?minutes=1440&points=288', 10_000);
  const timeline = useAsked<Timeline>('/api/timeline', 5000);
  const isChosen = choices[choice]?.[1] ?? (() => true);
  const shown = timeline.answer?.notices.filter(({ kind }) => isChosen(kind)) ?? [];
  return (
    <>
      <h1 tabIndex={-1}>Timeline</h1>
      <Trouble problem={series.problem ?? timeline.problem} />
      {series.answer === undefined ? null : (
        <Chart
          label="Mail, bans, alerts and changes of the last day"
          series={series.answer}
          lines={lines}
          marks={changesIn(timeline.answer?.notices ?? [])}
        />
      )}
      <label class="inline">
        Show{' '}
        <select
          value={choice}
          onChange={({ currentTarget }) => {
            setChoice(Number(currentTarget.value));
          }}
        >
          {choices.map(([name], place) => (
            <option key={name} value={place}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <NoticeList of={shown} none="Nothing has happened." />
    </>
  );
}
