/** The figures of a drill, from what was seen. Pure: the same for every defence. */
import type { BotKind } from './bot.ts';
import type { DefenceName, TimedBan, Usage } from './defence/defence.ts';
import type { SenderEvent } from './sender.ts';

export interface DrillObservation {
  readonly defence: DefenceName;
  readonly seconds: number;
  readonly seed: number;
  readonly bots: ReadonlyMap<string, BotKind>;
  readonly senders: readonly string[];
  /** When bots and senders were let loose; milliseconds since 1970, as all times here. */
  readonly begun: number;
  readonly ended: number;
  readonly events: readonly SenderEvent[];
  /** Message ids found in the mailboxes. */
  readonly delivered: ReadonlySet<string>;
  readonly bans: readonly TimedBan[];
  readonly usage: Usage;
}

export interface DrillFigures {
  readonly defence: DefenceName;
  readonly seconds: number;
  readonly seed: number;
  readonly bots: number;
  readonly senders: number;
  readonly botsByKind: Readonly<Partial<Record<BotKind, number>>>;
  /** Messages that a sender had to send, and those found in a mailbox at the end. */
  readonly attempted: number;
  readonly delivered: number;
  /** From the first attempt to acceptance, of the delivered ones; null where there are none. */
  readonly delaySeconds: { readonly median: number | null; readonly p95: number | null };
  /**
   * From the begin of the attack to the first message accepted after the last refusal of any sender:
   * 0 if nobody was ever refused, null if refusals went on into the last tenth of the run.
   */
  readonly recoverySeconds: number | null;
  readonly banned: {
    readonly bots: number;
    readonly senders: number;
    readonly botsByKind: Readonly<Partial<Record<BotKind, number>>>;
    /** Addresses that are neither: a defence fooled by text. */
    readonly others: number;
  };
  readonly firstBanMs: number | null;
  readonly cpuSeconds: number;
  readonly rssMiB: number;
}

export function figuresOf(seen: DrillObservation): DrillFigures {
  const attempted = new Set(seen.events.filter(({ type }) => type === 'attempted').map(({ id }) => id));
  const delays = seen.events
    .flatMap((event) =>
      event.type === 'accepted' && seen.delivered.has(event.id) ? [event.delayMs / 1000] : [],
    )
    .toSorted((a, b) => a - b);
  const senders = new Set(seen.senders);
  const banned = [...new Set(seen.bans.map(({ address }) => address))];
  const bannedKinds = banned.flatMap((address) => seen.bots.get(address) ?? []);
  const firstBan = seen.bans.length === 0 ? null : Math.min(...seen.bans.map(({ at }) => at)) - seen.begun;
  return {
    defence: seen.defence,
    seconds: seen.seconds,
    seed: seen.seed,
    bots: seen.bots.size,
    senders: senders.size,
    botsByKind: countKinds([...seen.bots.values()]),
    attempted: attempted.size,
    delivered: [...attempted].filter((id) => seen.delivered.has(id)).length,
    delaySeconds: { median: quantile(delays, 0.5), p95: quantile(delays, 0.95) },
    recoverySeconds: recovery(seen),
    banned: {
      bots: bannedKinds.length,
      senders: banned.filter((address) => senders.has(address)).length,
      botsByKind: countKinds(bannedKinds),
      others: banned.filter((address) => !senders.has(address) && !seen.bots.has(address)).length,
    },
    firstBanMs: firstBan,
    cpuSeconds: round(seen.usage.cpuSeconds, 2),
    rssMiB: round(seen.usage.rssMiB, 1),
  };
}

function countKinds(kinds: readonly BotKind[]): Partial<Record<BotKind, number>> {
  const counts: Partial<Record<BotKind, number>> = {};
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Nearest rank; null of nothing. */
function quantile(sorted: readonly number[], share: number): number | null {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  return value === undefined ? null : round(value, 3);
}

function recovery(seen: DrillObservation): number | null {
  const refusals = seen.events.filter(({ type }) => type === 'refused').map(({ at }) => at);
  if (refusals.length === 0) return 0;
  const last = Math.max(...refusals);
  if (last > seen.ended - (seen.ended - seen.begun) / 10) return null;
  const after = seen.events.filter(({ type, at }) => type === 'accepted' && at > last).map(({ at }) => at);
  return after.length === 0 ? null : round((Math.min(...after) - seen.begun) / 1000, 2);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
