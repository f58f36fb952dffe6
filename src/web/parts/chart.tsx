/** Rows over time on one axis, by uPlot. Under it the colours with their sums, as text: whoever cannot see the lines reads those. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import type { Series } from '../../server/api/guard.ts';

export interface Line {
  readonly label: string;
  /** The names of the counters that it sums up. */
  readonly of: (name: string) => boolean;
  readonly colour: string;
}

export interface ChartProps {
  readonly label: string;
  readonly series: Series;
  readonly lines: readonly Line[];
}

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

export function Chart({ label, series, lines }: ChartProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const rows = toRows(series, lines);
  const data: UPlot.AlignedData = [times(series), ...rows];
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
        scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, most)] } },
        // Counts are whole numbers.
        axes: [
          { ...axis, values: clockTimes },
          { ...axis, size: 52, incrs: wholeSteps },
        ],
        series: [
          {},
          ...lines.map(({ label: name, colour }) => ({
            label: name,
            stroke: look.getPropertyValue(colour).trim() || ink,
            width: 2,
            points: { show: false },
          })),
        ],
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
  const sums = lines.map(({ label: name, colour }, row) => ({
    said: `${name}: ${(rows[row] ?? []).reduce((sum, count) => sum + count, 0)}`,
    colour,
  }));
  return (
    <figure class="chart">
      <div ref={place} role="img" aria-label={`${label}. ${sums.map(({ said }) => said).join(', ')}`} />
      <figcaption>
        {sums.map(({ said, colour }) => (
          <span key={said} class={`key ${colour.slice(2)}`}>
            {said}
          </span>
        ))}
      </figcaption>
    </figure>
  );
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
