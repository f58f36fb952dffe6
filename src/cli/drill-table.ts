/** Figures of drills side by side, a column a defence. */
import { slotHolders } from '../lab/bot-mix.ts';
import type { DrillFigures, MailFigures } from '../lab/figures.ts';

export function drillTable(drills: readonly DrillFigures[]): string[] {
  const rows: Row[] = [
    ['', ({ defence }) => defence],
    ['messages attempted', ({ attempted }) => String(attempted)],
    ['messages delivered', ({ attempted, delivered }) => `${delivered} (${percent(delivered, attempted)})`],
    ['delay, median', ({ delaySeconds }) => seconds(delaySeconds.median)],
    ['delay, 95th percentile', ({ delaySeconds }) => seconds(delaySeconds.p95)],
    ...groups.flatMap(([title, of]): Row[] =>
      drills.some((drill) => of(drill) !== null)
        ? [
            [`${title}: delivered`, (figures) => delivery(of(figures))],
            ['  delay, median and 95th', (figures) => delays(of(figures))],
          ]
        : [],
    ),
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
    ['banned by mistake besides', ({ banned }) => String(banned.others)],
    ['first ban after', ({ firstBanMs }) => (firstBanMs === null ? '–' : seconds(firstBanMs / 1000))],
    ['CPU time', ({ cpuSeconds }) => `${cpuSeconds.toFixed(2)} s`],
    ['memory', ({ rssMiB }) => `${rssMiB.toFixed(0)} MiB`],
  ];
  const cells = rows.map(([title, cell]) => [title, ...drills.map(cell)]);
  const widths =
    cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  const table = cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   ')
      .trimEnd(),
  );
  // Why the mail of an address that attacks came through.
  const explained = drills.flatMap(({ defence, nat }) =>
    (nat?.says ?? []).map((says) => `  ${defence} of the NAT: ${says}`),
  );
  return [...table, ...explained];
}

type Row = readonly [string, (figures: DrillFigures) => string];

/** Groups of senders; null where a drill had none of one. */
const groups: readonly (readonly [string, (figures: DrillFigures) => MailFigures | null])[] = [
  ['known senders', ({ known }) => (known.senders === 0 ? null : known)],
  ['unknown senders', ({ known, unknown }) => (known.senders === 0 ? null : unknown)],
  ['mail from the attacking NAT', ({ nat }) => nat],
];

function delivery(mail: MailFigures | null): string {
  return mail === null ? '–' : `${mail.delivered} of ${mail.attempted}`;
}

function delays(mail: MailFigures | null): string {
  return mail === null ? '–' : `${seconds(mail.delaySeconds.median)} ${seconds(mail.delaySeconds.p95)}`;
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
