/**
 * The live view in a terminal, as a decider: `(state, event) → state` and `state → lines`. Pure. Every line is made
 * printable and cut to the width; its look is named, and painted by the caller.
 */
import { counted } from '../base/counted.ts';
import { type Duration, formatDuration } from '../base/duration.ts';
import { printable } from '../base/printable.ts';
import type { AddressFacts, ApiBan } from '../server/api/guard.ts';
import type { ApiNotice } from '../server/api/notice.ts';
import type { Overview } from '../server/api/overview.ts';

export interface TopState {
  readonly overview?: Overview;
  readonly bans: readonly ApiBan[];
  readonly total: number;
  readonly notices: readonly ApiNotice[];
  readonly chosen: number;
  readonly address?: AddressFacts;
  /** Asked before something is done: the key that says yes is `y`. */
  readonly asking?: { readonly does: 'unban' | 'ban'; readonly target: string };
  readonly said: string;
}

export const emptyTop: TopState = { bans: [], total: 0, notices: [], chosen: 0, said: '' };

export type TopWish =
  | { readonly does: 'quit' }
  | { readonly does: 'explain' | 'unban' | 'ban'; readonly target: string };

/** What a key changes, and what it wishes for. */
export function press(state: TopState, key: string): readonly [TopState, TopWish?] {
  if (key === 'q' || key === '\u0003') return [state, { does: 'quit' }];
  if (state.asking !== undefined) {
    const { asking, ...rest } = state;
    return key === 'y' ? [{ ...rest, said: '' }, asking] : [{ ...rest, said: 'nothing done' }];
  }
  if (state.address !== undefined) {
    const { address, ...rest } = state;
    if (key === 'u' && address.isBanned)
      return [{ ...state, asking: { does: 'unban', target: address.address } }];
    if (key === 'b' && !address.isBanned)
      return [{ ...state, asking: { does: 'ban', target: address.address } }];
    return [rest];
  }
  const target = state.bans[state.chosen]?.target;
  switch (key) {
    case 'j':
    case '\u001b[B':
      return [{ ...state, chosen: Math.min(state.chosen + 1, Math.max(0, state.bans.length - 1)) }];
    case 'k':
    case '\u001b[A':
      return [{ ...state, chosen: Math.max(0, state.chosen - 1) }];
    case 'e':
    case '\r':
      return target === undefined ? [state] : [state, { does: 'explain', target }];
    case 'u':
      return target === undefined ? [state] : [{ ...state, asking: { does: 'unban', target } }];
    default:
      return [state];
  }
}

export interface ScreenLine {
  readonly text: string;
  readonly look?: Look;
}

/** `chosen`: the line that the keys are about. */
export type Look = 'bold' | 'dim' | 'good' | 'warn' | 'bad' | 'chosen';

export function drawTop(state: TopState, rows: number, columns: number, now: number): ScreenLine[] {
  const { address, asking, said } = state;
  const body = address === undefined ? overviewLines(state, rows - 2, now) : addressLines(address, columns);
  const asked: ScreenLine =
    asking === undefined
      ? { text: said, look: 'bold' }
      : { text: `${asking.does} ${asking.target}? y: yes, any other key: no`, look: 'warn' };
  const lines = body.slice(0, rows - 2);
  while (lines.length < rows - 2) lines.push({ text: '' });
  return [...lines, asked, { text: keysOf(state), look: 'dim' as const }].map(({ text, ...more }) => ({
    text: printable(text).slice(0, columns),
    ...more,
  }));
}

function keysOf({ address }: TopState): string {
  if (address === undefined) return 'j k: choose   e: explain   u: unban   q: quit';
  return `${address.isBanned ? 'u: unban' : 'b: ban for an hour'}   any other key: back   q: quit`;
}

const looks = { good: 'good', warning: 'warn', bad: 'bad', unknown: 'dim' } as const;

function overviewLines(
  { overview, bans, total, notices, chosen }: TopState,
  rows: number,
  now: number,
): ScreenLine[] {
  const answers =
    overview === undefined
      ? []
      : (
          [
            ['encrypted?', overview.encrypted],
            ['guarded?', overview.guarded],
            ['changed?', overview.accountable],
          ] as const
        ).map(
          ([question, { state, answer }]): ScreenLine => ({
            text: `${question.padEnd(11)} ${state.toUpperCase().padEnd(8)} ${answer}`,
            look: looks[state],
          }),
        );
  const needed = overview?.needed
    .slice(0, 5)
    .map(({ title }): ScreenLine => ({ text: `! ${title}`, look: 'warn' }));
  const clock = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const head: ScreenLine[] = [
    { text: `${overview?.host ?? 'looking…'}   ${clock}`, look: 'bold' },
    ...answers,
    ...(needed ?? []),
    { text: '' },
    { text: `${counted(total, 'ban')} in force`, look: 'bold' },
    { text: `  ${'address'.padEnd(39)} ${'rule'.padEnd(12)} ${'for'.padStart(9)}  offence`, look: 'dim' },
  ];
  // On a small screen the bans come first.
  const room = Math.max(3, Math.ceil((rows - head.length - 1) * 0.6));
  const first = Math.max(0, Math.min(chosen - Math.floor(room / 2), bans.length - room));
  const table = bans
    .slice(first, first + room)
    .map((ban, place) => banLine(ban, first + place === chosen, now));
  const news = notices
    .slice(0, Math.max(0, rows - head.length - table.length - 1))
    .map(({ at, title }): ScreenLine => ({ text: `${new Date(at).toISOString().slice(11, 19)}  ${title}` }));
  return [...head, ...table, { text: '' }, ...news];
}

function banLine({ target, rule, until, offences }: ApiBan, isChosen: boolean, now: number): ScreenLine {
  const left = formatDuration((Math.max(0, Math.round((until - now) / 1000)) * 1000) as Duration);
  const text = `${isChosen ? '>' : ' '} ${target.padEnd(39)} ${rule.padEnd(12)} ${left.padStart(9)}  ${offences}`;
  return isChosen ? { text, look: 'chosen' } : { text };
}

function addressLines(
  { address, isBanned, leavesMail, bans, trust, said }: AddressFacts,
  columns: number,
): ScreenLine[] {
  const credit = trust === undefined ? '' : `, trust ${trust.credit.toFixed(2)}`;
  return [
    {
      text: `${address}: ${leavesMail ? 'cannot log in' : isBanned ? 'banned' : 'not banned'}${credit}`,
      look: isBanned ? 'bad' : 'good',
    },
    ...said.flatMap((text) => wrapped(text, columns)),
    ...bans.flatMap(({ rule, began, until, reason, evidence }): ScreenLine[] => [
      { text: '' },
      {
        text: `${rule}, ${new Date(began).toISOString()} to ${new Date(until).toISOString()}: ${reason}`,
        look: 'bold',
      },
      ...evidence.flatMap((line) => wrapped(line, columns)),
    ]),
  ];
}

/** What a stranger wrote is shown whole: what stands behind the edge may be what matters. */
function wrapped(text: string, columns: number): ScreenLine[] {
  const width = Math.max(10, columns - 2);
  const shown = printable(text);
  const parts = Math.max(1, Math.ceil(shown.length / width));
  return Array.from({ length: parts }, (_, place) => ({
    text: `${place === 0 ? '' : '  '}${shown.slice(place * width, (place + 1) * width)}`,
  }));
}
