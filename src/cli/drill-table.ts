/** Figures of drills side by side, a column a defence. */
import { slotHolders } from '../lab/bot-mix.ts';
import type { DrillFigures } from '../lab/figures.ts';

export function drillTable(drills: readonly DrillFigures[]): string[] {
  const rows: (readonly [string, (figures: DrillFigures) => string])[] = [
    ['', ({ defence }) => defence],
    ['messages attempted', ({ attempted }) => String(attempted)],
    ['messages delivered', ({ attempted, delivered }) => `${delivered} (${percent(delivered, attempted)})`],
    ['delay, median', ({ delaySeconds }) => seconds(delaySeconds.median)],
    ['delay, 95th percentile', ({ delaySeconds }) => seconds(delaySeconds.p95)],
    [
      'mail flows again after',
      ({ recoverySeconds }) => (recoverySeconds === null ? 'never' : seconds(recoverySeconds)),
    ],
    ['bots banned', ({ banned, bots }) => `${banned.bots} of ${bots}`],
    [
      '  of the slot holders',
      ({ banned, botsByKind }) => `${holders(banned.botsByKind)} of ${holders(botsByKind)}`,
    ],
    ['senders banned', ({ banned, senders }) => `${banned.senders} of ${senders}`],
    ['first ban after', ({ firstBanMs }) => (firstBanMs === null ? '–' : seconds(firstBanMs / 1000))],
    ['CPU time', ({ cpuSeconds }) => `${cpuSeconds.toFixed(2)} s`],
    ['memory', ({ rssMiB }) => `${rssMiB.toFixed(0)} MiB`],
  ];
  const cells = rows.map(([title, cell]) => [title, ...drills.map(cell)]);
  const widths =
    cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  return cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   ')
      .trimEnd(),
  );
}

function holders(byKind: DrillFigures['botsByKind']): number {
  return [...slotHolders].reduce((sum, kind) => sum + (byKind[kind] ?? 0), 0);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.round((100 * part) / whole)} %`;
}

function seconds(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(2)} s`;
}
