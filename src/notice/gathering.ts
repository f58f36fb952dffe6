/**
 * When a channel speaks, and of what. Pure: `(state, event, now) → [state, message, wake]`.
 *
 * What happens within the grouping time goes into one message; at most so many messages go in an hour, and what
 * was held back is in the next one; in quiet hours only what cannot wait is told. Single bans are not told: they
 * are gathered, and stand with the attack that they belong to. A flood never becomes a flood of messages.
 */
import type { Notice, NoticeKind } from './notice.ts';

export interface Rules {
  readonly groupMs: number;
  readonly mostPerHour: number;
  /** The minutes of a day, local time, from and to; the second may lie before the first: over midnight. */
  readonly quiet?: { readonly from: number; readonly to: number };
  readonly loud: ReadonlySet<NoticeKind>;
  /** Empty for all but single bans. */
  readonly kinds: ReadonlySet<NoticeKind>;
}

export interface Gathering {
  readonly waiting: readonly Notice[];
  /** Of those that were too many to keep. */
  readonly more: number;
  /** Bans since the last message: how many, and the first of them. */
  readonly bans: number;
  readonly culprits: readonly string[];
  /** When the first of those that wait came. */
  readonly since: number;
  /** When messages went, within the last hour. */
  readonly sent: readonly number[];
}

export interface Message {
  readonly notices: readonly Notice[];
  /** Further ones that nobody kept. */
  readonly more: number;
  readonly bans: number;
  readonly culprits: readonly string[];
}

export interface Decided {
  readonly state: Gathering;
  readonly message?: Message;
  /** When to ask again, if nothing comes before. */
  readonly wakeAt?: number;
}

export const nothingGathered: Gathering = { waiting: [], more: 0, bans: 0, culprits: [], since: 0, sent: [] };

const hourMs = 3_600_000;
const minuteMs = 60_000;
const mostWaiting = 50;
const mostCulprits = 20;

/** `minuteOfDay`: the local time of `now`, which a pure function cannot know. */
export function gather(
  state: Gathering,
  notice: Notice | undefined,
  now: number,
  rules: Rules,
  minuteOfDay: number,
): Decided {
  const gathered = notice === undefined ? state : add(state, notice, now, rules);
  const sent = gathered.sent.filter((at) => at > now - hourMs);
  const kept = { ...gathered, sent };
  if (kept.waiting.length === 0) return { state: kept };
  const dueAt = kept.since + rules.groupMs;
  if (now < dueAt) return { state: kept, wakeAt: dueAt };
  const oldest = sent[0];
  if (sent.length >= rules.mostPerHour && oldest !== undefined)
    return { state: kept, wakeAt: oldest + hourMs };
  const isQuiet = rules.quiet !== undefined && within(rules.quiet, minuteOfDay);
  const [told, held] = isQuiet ? split(kept.waiting, rules.loud) : [kept.waiting, []];
  if (told.length === 0) return { state: kept, wakeAt: now + minuteMs };
  const { more, bans, culprits } = kept;
  return {
    state: { waiting: held, more: 0, bans: 0, culprits: [], since: now, sent: [...sent, now] },
    message: { notices: told, more, bans, culprits },
    ...(held.length === 0 ? {} : { wakeAt: now + minuteMs }),
  };
}

function add(state: Gathering, notice: Notice, now: number, { kinds }: Rules): Gathering {
  const counted =
    notice.kind === 'ban'
      ? {
          ...state,
          bans: state.bans + 1,
          culprits: state.culprits.length < mostCulprits ? [...state.culprits, notice.title] : state.culprits,
        }
      : state;
  const isTold = kinds.size === 0 ? notice.kind !== 'ban' : kinds.has(notice.kind);
  if (!isTold) return counted;
  const since = counted.waiting.length === 0 ? now : counted.since;
  // Of one story the last word counts, and its place is at the end.
  const others = counted.waiting.filter(
    (one) => one.kind !== notice.kind || one.subject !== notice.subject || one.urgency !== notice.urgency,
  );
  if (others.length >= mostWaiting) return { ...counted, since, more: counted.more + 1 };
  return { ...counted, since, waiting: [...others, notice] };
}

function split(
  waiting: readonly Notice[],
  loud: ReadonlySet<NoticeKind>,
): [readonly Notice[], readonly Notice[]] {
  return [waiting.filter(({ kind }) => loud.has(kind)), waiting.filter(({ kind }) => !loud.has(kind))];
}

function within({ from, to }: { readonly from: number; readonly to: number }, minute: number): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}
