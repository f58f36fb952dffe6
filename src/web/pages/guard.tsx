/** The attack on one time axis, and the bans in force. */
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ApiAllowed, Bans, Series } from '../../server/api/guard.ts';
import { useAsked } from '../asked.ts';
import { session } from '../client.ts';
import { moment, span } from '../moment.ts';
import { ActButton } from '../parts/act-button.tsx';
import { BanForm } from '../parts/ban-form.tsx';
import { Chart, type Line } from '../parts/chart.tsx';
import { Text } from '../parts/text.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { routeTo } from '../route.ts';
import { AddressPage } from './address.tsx';
import { ReplayPage } from './replay.tsx';

const always: readonly Line[] = [
  { label: 'bans', of: (name) => name.startsWith('ban ') || name === 'jail-ban', colour: '--bad' },
  { label: 'turned away', of: (name) => name === 'sighting turned-away', colour: '--muted' },
  { label: 'mail accepted', of: (name) => name === 'mail accepted', colour: '--good' },
];

const kindColours = ['--warning', '--calm', '--violet', '--rose', '--cyan'];

/** The evidence by kind, as far as there is any, each kind in one colour of its own whichever others there are. */
function linesOf(kinds: string): readonly Line[] {
  const shown = new Set(kinds.split(' '));
  const all = [
    'relay',
    'credential',
    'harvest',
    'protocol',
    'greeting',
    'flood',
    'handshake',
    'loiter',
    'spam',
    'probe',
  ];
  const evidence = all.map((kind, place) => ({
    label: kind,
    of: (name: string): boolean => name === `sighting ${kind}`,
    colour: kindColours[place % kindColours.length] ?? '--muted',
    dash: place >= kindColours.length,
  }));
  return [...evidence.filter(({ label }) => shown.has(label)), ...always];
}

function kindsIn({ rows }: Series): string {
  return Object.entries(rows)
    .filter(([name, row]) => name.startsWith('sighting ') && row.some((count) => count > 0))
    .map(([name]) => name.slice('sighting '.length))
    .toSorted()
    .join(' ');
}

interface AllowedList {
  readonly allowed: readonly ApiAllowed[];
}

const spans: readonly (readonly [string, number])[] = [
  ['an hour', 60],
  ['six hours', 360],
  ['a day', 1440],
  ['a week', 10_080],
];

export function GuardPage({ rest: [address] }: { readonly rest: readonly string[] }): JSX.Element {
  if (address === undefined) return <GuardOverview />;
  return address === 'replay' ? <ReplayPage /> : <AddressPage address={address} />;
}

function GuardOverview(): JSX.Element {
  const [search, setSearch] = useState('');
  const [minutes, setMinutes] = useState(60);
  const bans = useAsked<Bans>(`/api/guard/bans?limit=200&search=${encodeURIComponent(search)}`, 4000);
  const series = useAsked<Series>(`/api/guard/series?minutes=${minutes}`, 5000);
  const kinds = series.answer === undefined ? '' : kindsIn(series.answer);
  const lines = useMemo(() => linesOf(kinds), [kinds]);
  return (
    <>
      <h1 tabIndex={-1}>Guard</h1>
      <section aria-labelledby="attack">
        <h2 id="attack">What happened</h2>
        <label class="inline">
          in the last{' '}
          <select
            value={minutes}
            onChange={({ currentTarget }) => {
              setMinutes(Number(currentTarget.value));
            }}
          >
            {spans.map(([name, value]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Trouble problem={series.problem} />
        {series.answer === undefined ? null : (
          <Chart label="Evidence, refusals, bans and mail over time" series={series.answer} lines={lines} />
        )}
        <p>
          <a href={routeTo('guard', 'replay')}>Try other measures</a> over a log: what they would have
          prevented, and what they would have cost.
        </p>
      </section>
      <section aria-labelledby="bans">
        <h2 id="bans">
          Bans in force <span class="count">{bans.answer?.total ?? ''}</span>
        </h2>
        <label class="search">
          Search
          <input
            type="search"
            placeholder="a part of an address, or a rule"
            value={search}
            onInput={({ currentTarget }) => {
              setSearch(currentTarget.value);
            }}
          />
        </label>
        <Trouble problem={bans.problem} />
        {bans.answer === undefined ? null : <BanTable bans={bans.answer} again={bans.again} />}
        {session.value?.mayBan === true ? <BanForm done={bans.again} /> : null}
      </section>
      <Allowed />
    </>
  );
}

function Allowed(): JSX.Element | null {
  const { answer, problem } = useAsked<AllowedList>('/api/guard/allowed', 10_000);
  if (answer === undefined || answer.allowed.length === 0) return <Trouble problem={problem} />;
  return (
    <section aria-labelledby="allowed">
      <h2 id="allowed">Never banned, by hand</h2>
      <ul class="allowed">
        {answer.allowed.map(({ target, reason, by, at }) => (
          <li key={target}>
            <a href={routeTo('guard', target)}>
              <Text of={target} />
            </a>{' '}
            <Text of={reason} />{' '}
            <small>
              <Text of={by} />, {moment(at)}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function BanTable({
  bans: { bans, total },
  again,
}: {
  readonly bans: Bans;
  readonly again: () => void;
}): JSX.Element {
  if (bans.length === 0) return <p class="quiet">None.</p>;
  const now = Date.now();
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label="Bans in force">
      <table class="bans">
        <caption class="out-of-sight">Bans in force, the newest first</caption>
        <thead>
          <tr>
            <th scope="col">Address</th>
            <th scope="col">Rule</th>
            <th scope="col">Since</th>
            <th scope="col">For</th>
            <th scope="col" class="number">
              Offence
            </th>
            <th scope="col">
              <span class="out-of-sight">Unban</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {bans.map(({ target, rule, began, until, offences }) => (
            <tr key={`${target} ${began}`} data-target={target}>
              <td>
                <a href={routeTo('guard', target)}>
                  <Text of={target} />
                </a>
              </td>
              <td>
                <Text of={rule} />
              </td>
              <td>{moment(began)}</td>
              <td>{span(until - now)}</td>
              <td class="number">{offences}</td>
              <td>
                {session.value?.mayBan === true ? (
                  <ActButton
                    path="/api/guard/unban"
                    body={{ target }}
                    label="Unban"
                    about={`unban ${target}`}
                    look="secondary"
                    done={again}
                  />
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > bans.length ? <p class="quiet">and {total - bans.length} more: search for them</p> : null}
    </div>
  );
}
