/**
 * Rows over time on one axis, by uPlot. Under it the colours with their sums, and each figure in a table: whoever cannot
 * see the lines reads those.
 */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import UPlot from 'uplot';
import type { Series } from '../../server/api/guard.ts';
import { moment } from '../moment.ts';

export interface Line {
  readonly label: string;
  /** The names of the counters that it sums up. */
  readonly of: (name: string) => boolean;
  readonly colour: string;
  readonly dash?: boolean;
}

/** Something that happened once: a line down the chart. */
export interface Mark {
  readonly at: number;
  readonly label: string;
}

export interface ChartProps {
  readonly label: string;
  readonly series: Series;
  /** The same array as long as they are the same lines: others are another chart. */
  readonly lines: readonly Line[];
  readonly marks?: readonly Mark[];
}

const noMarks: readonly Mark[] = [];

const height = 220;
const wholeSteps = [1, 2, 5]
  .flatMap((one) => [1, 10, 100, 1000, 10_000, 100_000].map((tens) => one * tens))
  .toSorted((one, other) => one - other);

/** `14:05`, and the day where it begins. */
function clockTimes(_plot: UPlot, seconds: readonly number[]): string[] {
  return seconds.map((second, place) => {
    const when = new Date(second * 1000);
    const time = when.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    const before = new Date((seconds[place - 1] ?? 0) * 1000);
    if (place > 0 && before.getDate() === when.getDate()) return time;
    return `${time}\n${when.toLocaleDateString([], { day: 'numeric', month: 'short' })}`;
  });
}

export function Chart({ label, series, lines, marks = noMarks }: ChartProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const rows = toRows(series, lines);
  const data: UPlot.AlignedData = [times(series), ...rows];
  const shownMarks = useRef(marks);
  shownMarks.current = marks;
  const shownStep = useRef(series.step);
  shownStep.current = series.step;
  useEffect(() => {
    const holder = place.current;
    if (holder === null) return undefined;
    const look = getComputedStyle(holder);
    const ink = look.getPropertyValue('--pico-muted-color').trim() || look.color;
    const grid = { stroke: look.getPropertyValue('--pico-muted-border-color').trim(), width: 1 };
    const axis = { stroke: ink, grid, ticks: grid };
    const made = new UPlot(
      {
        width: Math.max(280, holder.clientWidth),
        height,
        cursor: { drag: { x: false, y: false } },
        legend: { show: false },
        scales: {
          y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.05)] },
          // To the end of the last place: what happens now is in sight.
          x: { range: (_plot, least, most) => [least, most + shownStep.current * 60] },
        },
        // Counts are whole numbers.
        axes: [
          { ...axis, values: clockTimes },
          { ...axis, size: 52, incrs: wholeSteps },
        ],
        series: [
          {},
          ...lines.map(({ label: name, colour, dash }) => ({
            label: name,
            stroke: look.getPropertyValue(colour).trim() || ink,
            width: 2,
            points: { show: false },
            ...(dash === true ? { dash: [6, 4] } : {}),
          })),
        ],
        hooks: {
          drawAxes: [
            (drawn) => {
              drawMarks(drawn, shownMarks.current, look.getPropertyValue('--calm').trim() || ink);
            },
          ],
        },
      },
      data,
      holder,
    );
    plot.current = made;
    const fit = new ResizeObserver(() => {
      made.setSize({ width: Math.max(280, holder.clientWidth), height });
    });
    fit.observe(holder);
    return () => {
      fit.disconnect();
      made.destroy();
    };
  }, [lines]);
  useEffect(() => {
    plot.current?.setData(data);
  });
  const sums = lines.map(({ label: name, colour, dash }, row) => ({
    said: `${name}: ${(rows[row] ?? []).reduce((sum, count) => sum + count, 0)}`,
    look: `key ${colour.slice(2)}${dash === true ? ' dash' : ''}`,
  }));
  const inSight = marks.filter(({ at }) => at >= series.from * 60_000);
  const all = [...sums.map(({ said }) => said), ...(marks === noMarks ? [] : [`changes: ${inSight.length}`])];
  return (
    <figure class="chart">
      <div ref={place} role="img" aria-label={`${label}. ${all.join(', ')}`} />
      <figcaption>
        {sums.map(({ said, look }) => (
          <span key={said} class={look}>
            {said}
          </span>
        ))}
        {marks === noMarks ? null : <span class="key mark-line">changes: {inSight.length}</span>}
      </figcaption>
      <Figures label={label} series={series} lines={lines} rows={rows} />
    </figure>
  );
}

/** Those moments at which anything was counted; the sums of all in the foot. */
function Figures({
  label,
  series,
  lines,
  rows,
}: Pick<ChartProps, 'label' | 'series' | 'lines'> & {
  readonly rows: readonly (readonly number[])[];
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const moments = times(series).flatMap((second, place) => {
    const counts = rows.map((row) => row[place] ?? 0);
    return counts.some((count) => count > 0) ? [{ second, counts }] : [];
  });
  return (
    <details
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary>In figures</summary>
      {/* A week has hundreds of rows: made for those who look. */}
      {!isOpen ? null : (
        <div class="scrolls tall" tabIndex={0} role="region" aria-label={`${label}, in figures`}>
          <table class="figures">
            <caption class="out-of-sight">{label}</caption>
            <thead>
              <tr>
                <th scope="col">{series.step === 1 ? 'Minute' : `${series.step} minutes from`}</th>
                {lines.map(({ label: name }, row) => (
                  <th key={row} scope="col" class="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {moments.toReversed().map(({ second, counts }) => (
                <tr key={second} data-minute={second / 60}>
                  <th scope="row">{moment(second * 1000)}</th>
                  {counts.map((count, row) => (
                    <td key={row} class="number">
                      {count}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">All</th>
                {rows.map((row, place) => (
                  <td key={place} class="number">
                    {row.reduce((sum, count) => sum + count, 0)}
                  </td>
                ))}
              </tr>
            </tfoot>
          </table>
        </div>
      )}
    </details>
  );
}

function drawMarks(plot: UPlot, marks: readonly Mark[], colour: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at } of marks) {
    const across = Math.round(plot.valToPos(at / 1000, 'x', true));
    if (across < bbox.left || across > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(across, bbox.top);
    ctx.lineTo(across, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

/** Seconds since 1970 of each place. */
function times({ from, step, rows }: Series): number[] {
  const places = Object.values(rows)[0]?.length ?? 1;
  return Array.from({ length: places }, (_, place) => (from + place * step) * 60);
}

function toRows(series: Series, lines: readonly Line[]): number[][] {
  return lines.map(({ of }) => {
    const chosen = Object.entries(series.rows).filter(([name]) => of(name));
    return times(series).map((_, place) => chosen.reduce((sum, [, row]) => sum + (row[place] ?? 0), 0));
  });
}
