/** The figures of a drill, from what was seen. Pure: the same for every defence. */
import { covers, type Network, overlap, parseNetwork } from '../base/network.ts';
import type { BotKind } from './bot.ts';
import type { DefenceName, TimedBan, Usage } from './defence/defence.ts';
import type { SenderEvent } from './sender.ts';

export interface DrillObservation {
  readonly defence: DefenceName;
  readonly seconds: number;
  readonly seed: number;
  /** `network` covers every address that the bot attacks from: it is banned when that is. */
  readonly bots: readonly { readonly kind: BotKind; readonly network: string }[];
  readonly senders: readonly { readonly address: string; readonly isKnown: boolean }[];
  /** The address that both attacks and sends mail, where there is one. */
  readonly nat?: string;
  /** What the defence says of that address. */
  readonly natSays?: readonly string[];
  /** Wrong passwords from that address that Exim has tried. */
  readonly natGuesses?: number;
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
  readonly delaySeconds: Delay;
  /** The same of those who had delivered mail before the attack, and of those who had not. */
  readonly known: MailFigures;
  readonly unknown: MailFigures;
  /** Of the address that attacks and sends mail; in none of the other figures. */
  readonly nat:
    | (MailFigures & { readonly bans: number; readonly guesses: number; readonly says: readonly string[] })
    | null;
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

/** From the first attempt to acceptance, of the delivered messages; null where there are none. */
export interface Delay {
  readonly median: number | null;
  readonly p95: number | null;
}

export interface MailFigures {
  readonly senders: number;
  readonly attempted: number;
  readonly delivered: number;
  readonly delaySeconds: Delay;
}

export function figuresOf(seen: DrillObservation): DrillFigures {
  const { nat } = seen;
  const addresses = seen.senders.map(({ address }) => address);
  const senders = new Set(addresses);
  const known = new Set(seen.senders.flatMap(({ address, isKnown }) => (isKnown ? [address] : [])));
  const banned = bannedNetworks(seen.bans);
  const isBanned = (network: string): boolean => {
    const whole = parseNetwork(network);
    return whole !== undefined && banned.some((ban) => ban.bits <= whole.bits && covers(ban, whole.words));
  };
  const bannedBots = seen.bots.filter(({ network }) => isBanned(network));
  const firstBan = seen.bans.length === 0 ? null : Math.min(...seen.bans.map(({ at }) => at)) - seen.begun;
  const of = (group: ReadonlySet<string>): MailFigures => mailOf(seen, group);
  const { attempted, delivered, delaySeconds } = of(senders);
  return {
    defence: seen.defence,
    seconds: seen.seconds,
    seed: seen.seed,
    bots: seen.bots.length,
    senders: senders.size,
    botsByKind: countKinds(seen.bots),
    attempted,
    delivered,
    delaySeconds,
    known: of(known),
    unknown: of(senders.difference(known)),
    nat:
      nat === undefined
        ? null
        : {
            ...of(new Set([nat])),
            bans: seen.bans.filter(({ address }) => address === nat).length,
            guesses: seen.natGuesses ?? 0,
            says: seen.natSays ?? [],
          },
    recoverySeconds: recovery(seen, senders),
    banned: {
      bots: bannedBots.length,
      senders: addresses.filter(isBanned).length,
      botsByKind: countKinds(bannedBots),
      others: banned.filter(
        (ban) =>
          ![
            ...addresses,
            ...(nat === undefined ? [] : [nat]),
            ...seen.bots.map(({ network }) => network),
          ].some((ours) => {
            const network = parseNetwork(ours);
            return network !== undefined && overlap(network, ban);
          }),
      ).length,
    },
    firstBanMs: firstBan,
    cpuSeconds: round(seen.usage.cpuSeconds, 2),
    rssMiB: round(seen.usage.rssMiB, 1),
  };
}

/** Everything that was ever banned, each once. */
function bannedNetworks(bans: readonly TimedBan[]): Network[] {
  const texts = new Set(
    bans.flatMap(({ address, network }) => [address, ...(network === undefined ? [] : [network])]),
  );
  return [...texts].flatMap((text) => parseNetwork(text) ?? []);
}

function mailOf(seen: DrillObservation, group: ReadonlySet<string>): MailFigures {
  const events = seen.events.filter(({ sender }) => group.has(sender));
  const attempted = new Set(events.filter(({ type }) => type === 'attempted').map(({ id }) => id));
  const delays = events
    .flatMap((event) =>
      event.type === 'accepted' && seen.delivered.has(event.id) ? [event.delayMs / 1000] : [],
    )
    .toSorted((a, b) => a - b);
  return {
    senders: group.size,
    attempted: attempted.size,
    delivered: [...attempted].filter((id) => seen.delivered.has(id)).length,
    delaySeconds: { median: quantile(delays, 0.5), p95: quantile(delays, 0.95) },
  };
}

function countKinds(bots: readonly { readonly kind: BotKind }[]): Partial<Record<BotKind, number>> {
  const counts: Partial<Record<BotKind, number>> = {};
  for (const { kind } of bots) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Nearest rank; null of nothing. */
function quantile(sorted: readonly number[], share: number): number | null {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  return value === undefined ? null : round(value, 3);
}

function recovery({ events, begun, ended }: DrillObservation, group: ReadonlySet<string>): number | null {
  const seen = events.filter(({ sender }) => group.has(sender));
  const refusals = seen.filter(({ type }) => type === 'refused').map(({ at }) => at);
  if (refusals.length === 0) return 0;
  const last = Math.max(...refusals);
  if (last > ended - (ended - begun) / 10) return null;
  const after = seen.filter(({ type, at }) => type === 'accepted' && at > last).map(({ at }) => at);
  return after.length === 0 ? null : round((Math.min(...after) - begun) / 1000, 2);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
