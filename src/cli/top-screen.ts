/**
 * The live view in a terminal, as a decider: `(state, event) → state` and `state → lines`. Pure. Every line is made
 * printable and cut to the width; colours are the caller's.
 */
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

export function drawTop(state: TopState, rows: number, columns: number, now: number): string[] {
  const body =
    state.address === undefined ? overviewLines(state, rows - 2, now) : addressLines(state.address);
  const asked =
    state.asking === undefined
      ? state.said
      : `${state.asking.does} ${state.asking.target}? y: yes, any other key: no`;
  const help =
    state.address === undefined
      ? 'j k: choose  e: explain  u: unban  q: quit'
      : 'u: unban  b: ban again for an hour  any other key: back  q: quit';
  const lines = body.slice(0, rows - 2);
  while (lines.length < rows - 2) lines.push('');
  return [...lines, asked, help].map((line) => printable(line).slice(0, columns));
}

function overviewLines(
  { overview, bans, total, notices, chosen }: TopState,
  rows: number,
  now: number,
): string[] {
  const answers =
    overview === undefined
      ? []
      : [overview.encrypted, overview.guarded, overview.accountable].map(
          ({ state, answer }) => `${state.toUpperCase().padEnd(8)} ${answer}`,
        );
  const needed = overview?.needed.slice(0, 5).map(({ title }) => `  ! ${title}`) ?? [];
  const head = [
    `${overview?.host ?? 'looking…'}   ${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`,
    ...answers,
    ...needed,
    '',
    `Bans in force: ${total}`,
  ];
  const news = Math.min(8, notices.length);
  const room = Math.max(3, rows - head.length - news - 2);
  const first = Math.max(0, Math.min(chosen - Math.floor(room / 2), bans.length - room));
  const table = bans.slice(first, first + room).map(({ target, rule, until, offences }, place) => {
    const mark = first + place === chosen ? '>' : ' ';
    return `${mark} ${target.padEnd(40)} ${rule.padEnd(12)} ${String(Math.max(0, Math.round((until - now) / 1000))).padStart(7)} s  ${offences}`;
  });
  const told = notices
    .slice(0, news)
    .map(({ at, title }) => `${new Date(at).toISOString().slice(11, 19)}  ${title}`);
  return [...head, ...table, '', ...told];
}

function addressLines({ address, isBanned, bans, trust, said }: AddressFacts): string[] {
  return [
    `${address}: ${isBanned ? 'banned' : 'not banned'}${trust === undefined ? '' : `, trust ${trust.credit.toFixed(2)}`}`,
    ...said,
    ...bans.flatMap(({ rule, began, until, reason, evidence }) => [
      '',
      `${rule}, ${new Date(began).toISOString()} to ${new Date(until).toISOString()}: ${reason}`,
      ...evidence.map((line) => `  ${line}`),
    ]),
  ];
}
