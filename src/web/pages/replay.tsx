/** Other measures tried over a log: what the guard would have prevented, and what that would have cost. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Problem } from '../../base/problem.ts';
import type { Measure, ReplayChoices, Replayed, ReplayOrder, ReplayTry } from '../../server/api/replay.ts';
import { useAsked } from '../asked.ts';
import { tell } from '../client.ts';
import { span } from '../moment.ts';
import { Frontier, percent } from '../parts/frontier.tsx';
import { Text } from '../parts/text.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { routeTo } from '../route.ts';

type Figures = Pick<Measure, 'maxretry' | 'findtime' | 'bantime'>;

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const findtimes = [10, 30, minute, 5 * minute, 10 * minute, 30 * minute, hour, 6 * hour, day];
const bantimes = [minute, 10 * minute, 30 * minute, hour, 3 * hour, 12 * hour, day, 3 * day, 7 * day];
/** Tried besides, so that there is a line to choose from. */
const maxretries = [1, 2, 3, 5, 8, 12, 20, 40];

export function ReplayPage(): JSX.Element {
  const { answer, problem } = useAsked<ReplayChoices>('/api/guard/replay');
  return (
    <>
      <h1 tabIndex={-1}>Try other measures</h1>
      <p>
        <a href={routeTo('guard')}>Back to the guard</a>
      </p>
      <p>
        Replays a log as if the guard had judged it by other measures: what of the attack would have been
        prevented, and how much good mail that would have cost. Nothing of the running guard is changed.
      </p>
      <Trouble problem={problem} />
      {answer === undefined ? null : answer.logs.length === 0 ? (
        <p class="quiet">There is no log file to replay.</p>
      ) : (
        <ReplayForm choices={answer} />
      )}
    </>
  );
}

function ReplayForm({ choices: { logs, measures } }: { readonly choices: ReplayChoices }): JSX.Element {
  const [log, setLog] = useState(logs[0]?.name ?? '');
  const [kind, setKind] = useState<Measure['kind']>('relay');
  const now = measures.find((each) => each.kind === kind) ?? {
    kind,
    maxretry: 3,
    findtime: 600,
    bantime: 3600,
  };
  const [moved, setMoved] = useState<Partial<Figures>>({});
  const chosen: Figures = { ...now, ...moved };
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<{
    readonly now: Measure;
    readonly chosen: Figures;
    readonly answer: Replayed;
  }>();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const outcome = await tell<Replayed>('/api/guard/replay', orderOf(log, now, chosen));
    setBusy(false);
    setProblem(outcome.ok ? undefined : outcome.problem);
    setDone(outcome.ok ? { now, chosen, answer: outcome.value } : undefined);
  };
  return (
    <>
      <form class="replay" onSubmit={(event) => void submit(event)}>
        <div class="grid">
          <label>
            Log
            <select
              value={log}
              onChange={({ currentTarget }) => {
                setLog(currentTarget.value);
              }}
            >
              {logs.map(({ name, bytes }) => (
                <option key={name} value={name}>
                  {name} ({bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`})
                </option>
              ))}
            </select>
          </label>
          <label>
            Rule
            <select
              value={kind}
              onChange={({ currentTarget }) => {
                setKind(currentTarget.value as Measure['kind']);
                setMoved({});
              }}
            >
              {measures.map((each) => (
                <option key={each.kind} value={each.kind}>
                  {each.kind}
                </option>
              ))}
            </select>
          </label>
        </div>
        <div class="grid">
          <Slider
            label={`Sightings that ban: ${chosen.maxretry}`}
            values={[...Array(50).keys()].map((place) => place + 1)}
            value={chosen.maxretry}
            says={String}
            moved={(maxretry) => {
              setMoved({ ...moved, maxretry });
            }}
          />
          <Slider
            label={`within ${span(chosen.findtime * 1000)}`}
            values={findtimes}
            value={chosen.findtime}
            says={(seconds) => span(seconds * 1000)}
            moved={(findtime) => {
              setMoved({ ...moved, findtime });
            }}
          />
          <Slider
            label={`First ban: ${span(chosen.bantime * 1000)}`}
            values={bantimes}
            value={chosen.bantime}
            says={(seconds) => span(seconds * 1000)}
            moved={(bantime) => {
              setMoved({ ...moved, bantime });
            }}
          />
        </div>
        <button type="submit" aria-busy={busy} disabled={busy}>
          {busy ? 'Replaying…' : 'Replay'}
        </button>
        <Trouble problem={problem} />
      </form>
      <div aria-live="polite">{done === undefined ? null : <Outcome {...done} />}</div>
    </>
  );
}

/** A slider over values that are no even steps: its places are theirs. */
function Slider({
  label,
  values,
  value,
  says,
  moved,
}: {
  readonly label: string;
  readonly values: readonly number[];
  readonly value: number;
  readonly says: (value: number) => string;
  readonly moved: (value: number) => void;
}): JSX.Element {
  const places = sorted([...values, value]);
  return (
    <label>
      {label}
      <input
        type="range"
        min={0}
        max={places.length - 1}
        step={1}
        value={places.indexOf(value)}
        aria-valuetext={says(value)}
        onInput={({ currentTarget }) => {
          moved(places[Number(currentTarget.value)] ?? value);
        }}
      />
    </label>
  );
}

function sorted(values: readonly number[]): number[] {
  return [...new Set(values)].toSorted((one, other) => one - other);
}

/** What holds now, what is chosen, and other thresholds between and beyond. */
function orderOf(log: string, now: Measure, chosen: Figures): ReplayOrder {
  return {
    log,
    kind: now.kind,
    maxretry: sorted([...maxretries, now.maxretry, chosen.maxretry]),
    findtime: sorted([now.findtime, chosen.findtime]),
    bantime: sorted([now.bantime, chosen.bantime]),
  };
}

function isSame(one: Figures, other: Figures): boolean {
  return one.maxretry === other.maxretry && one.findtime === other.findtime && one.bantime === other.bantime;
}

function Outcome({
  now,
  chosen,
  answer: { lines, tries, problems },
}: {
  readonly now: Measure;
  readonly chosen: Figures;
  readonly answer: Replayed;
}): JSX.Element {
  const look = (one: ReplayTry): 'now' | 'chosen' | undefined =>
    isSame(one, chosen) ? 'chosen' : isSame(one, now) ? 'now' : undefined;
  const shown = tries.filter((one) => one.isBest || look(one) !== undefined);
  return (
    <section aria-labelledby="outcome">
      <h2 id="outcome">
        {now.kind} over {lines.toLocaleString('en')} lines
      </h2>
      {problems.map((message) => (
        <p key={message} class="trouble">
          <Text of={message} />
        </p>
      ))}
      <Frontier tries={tries} look={look} />
      <p class="quiet">
        <span class="key chosen">chosen</span> <span class="key now">as it is now</span>{' '}
        <span class="key best">none of the others prevents more without more harm</span>
      </p>
      <div class="scrolls" tabIndex={0} role="region" aria-label="Tries">
        <table class="tries">
          <caption class="out-of-sight">The tries worth a choice</caption>
          <thead>
            <tr>
              <th scope="col">Measure</th>
              <th scope="col" class="number">
                Bans
              </th>
              <th scope="col" class="number">
                Attack prevented
              </th>
              <th scope="col" class="number">
                Mail lost
              </th>
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={`${one.maxretry} ${one.findtime} ${one.bantime}`} class={look(one) ?? ''}>
                <td>
                  {one.maxretry} within {span(one.findtime * 1000)}, ban {span(one.bantime * 1000)}
                </td>
                <td class="number">{one.bans}</td>
                <td class="number">{share(one.prevented, one.sightings)}</td>
                <td class="number">{share(one.mailLost, one.mail)}</td>
                <td>{wordOf(one, now, chosen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="quiet">
        To let it hold, on the server in portreeve.toml:{' '}
        <code>
          [guard.{now.kind}] maxretry = {chosen.maxretry}, findtime = "{chosen.findtime}s", bantime = "
          {chosen.bantime}s"
        </code>
      </p>
    </section>
  );
}

function wordOf(one: ReplayTry, now: Measure, chosen: Figures): string {
  const words = [isSame(one, chosen) ? 'chosen' : '', isSame(one, now) ? 'as it is now' : ''];
  return words.filter((word) => word !== '').join(', ');
}

function share(part: number, whole: number): string {
  return `${part} of ${whole} (${percent(part, whole).toFixed(1)} %)`;
}
