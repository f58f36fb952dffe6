/** Each try as a point: how much of the attack it prevents, against the mail that it costs. Up and to the left is better. */
import type { JSX } from 'preact';
import type { ReplayTry } from '../../server/api/replay.ts';

export interface FrontierProps {
  readonly tries: readonly ReplayTry[];
  readonly look: (one: ReplayTry) => 'now' | 'chosen' | undefined;
}

const width = 640;
const height = 300;
const edge = { left: 60, right: 16, top: 16, bottom: 40 };
const ticks = [0, 25, 50, 75, 100];

export function Frontier({ tries, look }: FrontierProps): JSX.Element {
  const mostLost = Math.max(1, ...tries.map(({ mailLost, mail }) => percent(mailLost, mail))) * 1.1;
  // A point that costs nothing stands beside the axis, not on its figures.
  const x = (lost: number): number =>
    edge.left + 12 + ((width - edge.left - edge.right - 12) * lost) / mostLost;
  const y = (share: number): number =>
    height - edge.bottom - ((height - edge.top - edge.bottom) * share) / 100;
  const place = (one: ReplayTry): readonly [number, number] => [
    x(percent(one.mailLost, one.mail)),
    y(percent(one.prevented, one.sightings)),
  ];
  // What is looked for is drawn over the rest.
  const weight = (one: ReplayTry): number =>
    look(one) === 'chosen' ? 3 : look(one) === 'now' ? 2 : Number(one.isBest);
  const best = tries
    .filter(({ isBest }) => isBest)
    .map(place)
    .toSorted(([one, low], [other, high]) => one - other || high - low);
  return (
    <svg
      class="frontier"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label="Attack prevented against mail lost, a point for each try; the table below has the figures"
    >
      {ticks.map((share) => (
        <g key={share}>
          <line class="grid" x1={edge.left} x2={width - edge.right} y1={y(share)} y2={y(share)} />
          <text x={edge.left - 8} y={y(share) + 4} text-anchor="end">
            {share} %
          </text>
        </g>
      ))}
      <text x={(width + edge.left) / 2} y={height - 6} text-anchor="middle">
        mail lost, 0 to {mostLost.toFixed(1)} %
      </text>
      <polyline class="best" points={best.map((point) => point.join(',')).join(' ')} />
      {tries
        .toSorted((one, other) => weight(one) - weight(other))
        .map((one) => {
          const [cx, cy] = place(one);
          const how = look(one) ?? (one.isBest ? 'best' : '');
          return (
            <circle
              key={`${one.maxretry} ${one.findtime} ${one.bantime}`}
              class={how}
              cx={cx}
              cy={cy}
              r={how === 'now' || how === 'chosen' ? 7 : 4}
            >
              <title>{`${one.maxretry} in ${one.findtime} s, ban ${one.bantime} s`}</title>
            </circle>
          );
        })}
    </svg>
  );
}

export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}
