/**
 * A timed, measured attack on a lab: the same bots, senders and figures whatever defends it.
 */
import type { GuardRecord } from '../guard/record.ts';
import { ok, type Result } from '../base/result.ts';
import { systemClock } from '../host/clock.ts';
import { nodePath } from '../host/node-path.ts';
import type { Service } from '../host/service.ts';
import type { BotKind } from './bot.ts';
import type { Defence, DefenceName, StartDefence } from './defence/defence.ts';
import { startFail2ban } from './defence/fail2ban.ts';
import { startNone } from './defence/none.ts';
import { startPortreeve } from './defence/portreeve.ts';
import { type DrillFigures, figuresOf } from './figures.ts';
import { mailDomain, mailboxes, senderDomain } from './lab.ts';
import type { Machine } from './machine.ts';
import {
  botNetwork,
  clientAddress,
  senderNetwork,
  serverAddress,
  serverAddress6,
  spreadNetwork,
} from './network.ts';
import type { SenderEvent, SenderOptions } from './sender.ts';
import { ownModule } from '../host/own-module.ts';

export interface DrillOptions {
  readonly defence: DefenceName;
  readonly seconds: number;
  readonly seed: number;
  readonly bots: readonly BotKind[];
  readonly senders: number;
  /** So many of the senders have delivered mail before the attack begins. */
  readonly known: number;
  /** One more address: a network behind NAT whose mail server is known, and whose other hosts attack. */
  readonly nat: boolean;
  readonly signal: AbortSignal;
  readonly tell: (event: DrillEvent) => void;
  /** Called once when two thirds of the attack are over. */
  readonly meanwhile?: () => Promise<void>;
}

/** `begun`: bots and senders are let loose; all times of a drill count from there. */
export type DrillEvent = { readonly type: 'begun'; readonly at: number } | GuardRecord | SenderEvent;

const starters: Readonly<Record<DefenceName, StartDefence>> = {
  none: startNone,
  fail2ban: startFail2ban,
  portreeve: startPortreeve,
};

export async function runDrill(machine: Machine, options: DrillOptions): Promise<Result<DrillFigures>> {
  const defence = await starters[options.defence](machine, options.tell);
  if (!defence.ok) return defence;
  const figures = await attack(machine, options, defence.value);
  await defence.value.stop();
  return figures;
}

async function attack(
  machine: Machine,
  options: DrillOptions,
  defence: Defence,
): Promise<Result<DrillFigures>> {
  const senders = senderOptions(options.senders);
  const nat = options.nat ? [natSender] : [];
  const known = [...senders.slice(0, options.known), ...nat];
  await acquaint(machine, known, options);
  const bots = options.bots.map((kind, index) => botOf(kind, index + 1));
  const events: SenderEvent[] = [];
  const world = startSenders(machine, [...senders, ...nat], (event) => {
    events.push(event);
    options.tell(event);
  });
  const begun = systemClock.now();
  options.tell({ type: 'begun', at: begun });
  const scapegoat = senders[0]?.address ?? serverAddress;
  const wild = [
    startBots(machine, 'wild', options.seed, bots, scapegoat),
    ...(options.nat ? [startBots(machine, 'world', options.seed, natBots, scapegoat)] : []),
  ];
  await systemClock.sleep((options.seconds * 2000) / 3, options.signal);
  await options.meanwhile?.();
  await systemClock.sleep(begun + options.seconds * 1000 - systemClock.now(), options.signal);
  const ended = systemClock.now();
  // A conversation under way may end, while the attack goes on.
  await stop(world);
  await Promise.all(wild.map(stop));
  const accepted = new Set(events.flatMap((event) => (event.type === 'accepted' ? [event.id] : [])));
  const delivered = await readMailboxes(machine, accepted);
  if (!delivered.ok) return delivered;
  const bans = await defence.bans();
  if (!bans.ok) return bans;
  const usage = await defence.usage();
  if (!usage.ok) return usage;
  const says = options.nat ? ((await defence.explain?.(natSender.address)) ?? ok([])) : ok([]);
  if (!says.ok) return says;
  const guesses = options.nat ? await countGuesses(machine, natSender.address) : ok(0);
  if (!guesses.ok) return guesses;
  return ok(
    figuresOf({
      defence: options.defence,
      seconds: options.seconds,
      seed: options.seed,
      bots: bots.map(({ kind, network }) => ({ kind, network })),
      senders: senders.map(({ address }, index) => ({ address, isKnown: index < options.known })),
      ...(options.nat ? { nat: natSender.address, natSays: says.value, natGuesses: guesses.value } : {}),
      begun,
      ended,
      events,
      delivered: delivered.value,
      bans: bans.value,
      usage: usage.value,
    }),
  );
}

/** Known senders have delivered so many messages before the attack. */
const messagesBefore = 5;
const settleMs = 1500;

async function acquaint(
  machine: Machine,
  known: readonly SenderOptions[],
  { signal, tell }: DrillOptions,
): Promise<void> {
  if (known.length === 0) return;
  const before = known.map((sender) => ({
    ...sender,
    name: `${sender.name}-before`,
    intervalMs: 200,
    firstRetryMs: 500,
    messages: messagesBefore,
  }));
  const world = startSenders(machine, before, tell);
  await Promise.race([world.ended, systemClock.sleep(20_000, signal)]);
  await stop(world);
  // Whoever keeps a list of known senders has written it by then.
  await systemClock.sleep(settleMs, signal);
}

function startSenders(
  machine: Machine,
  senders: readonly SenderOptions[],
  heard: (event: SenderEvent) => void,
): Service {
  const world = machine.start(
    [nodePath, ownModule('lab/bin/senders')],
    {
      onLine: (line) => {
        heard(JSON.parse(line) as SenderEvent);
      },
    },
    'world',
  );
  world.send(`${JSON.stringify(senders)}\n`);
  return world;
}

function senderOptions(count: number): SenderOptions[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `mail${index + 1}`,
    address: clientAddress(senderNetwork, index + 1),
    server: serverAddress,
    recipient: `${mailboxes[index % mailboxes.length] ?? ''}@${mailDomain}`,
    domain: senderDomain,
    intervalMs: 3000,
    firstRetryMs: 3000,
  }));
}

/** Behind the senders' own addresses. */
const natOrdinal = 240;

const natSender: SenderOptions = {
  name: 'office',
  address: clientAddress(senderNetwork, natOrdinal),
  server: serverAddress,
  recipient: `${mailboxes[0] ?? ''}@${mailDomain}`,
  domain: senderDomain,
  intervalMs: 3000,
  firstRetryMs: 3000,
};

interface Bot {
  readonly kind: BotKind;
  readonly address: string;
  /** All addresses that it attacks from. */
  readonly network: string;
}

const natBots: readonly Bot[] = (['hold', 'halve', 'guess'] as const).map((kind) => ({
  kind,
  address: natSender.address,
  network: natSender.address,
}));

function botOf(kind: BotKind, ordinal: number): Bot {
  if (kind === 'spread')
    return { kind, address: `${spreadNetwork}::${ordinal}`, network: `${spreadNetwork}::/64` };
  const address = clientAddress(botNetwork, ordinal);
  return { kind, address, network: address };
}

function startBots(
  machine: Machine,
  network: string,
  seed: number,
  bots: readonly Bot[],
  scapegoat: string,
): Service {
  const wild = machine.start([nodePath, ownModule('lab/bin/bots')], {}, network);
  const orders = bots.map(({ kind, address }) => ({
    kind,
    address,
    server: kind === 'spread' ? serverAddress6 : serverAddress,
    domain: mailDomain,
    recipient: `${mailboxes[0] ?? ''}@${mailDomain}`,
    scapegoat,
  }));
  wild.send(`${JSON.stringify({ seed, bots: orders })}\n`);
  return wild;
}

/** Wrong passwords that Exim has tried and logged. */
async function countGuesses(machine: Machine, address: string): Promise<Result<number>> {
  const counted = await machine.run(['grep', '-cF', `[${address}]: 535 `, '/var/log/exim4/mainlog']);
  return counted.ok ? ok(Number(counted.value.stdout)) : counted;
}

const graceMs = 6000;

/** Ends a process by the end of its input; one that takes too long is killed with the lab. */
async function stop(service: Service): Promise<void> {
  service.finish();
  await Promise.race([service.ended, systemClock.sleep(graceMs)]);
  service.signal('SIGKILL');
}

/** The message ids in the mailboxes, once the accepted ones are there or `graceMs` have passed. */
async function readMailboxes(machine: Machine, accepted: ReadonlySet<string>): Promise<Result<Set<string>>> {
  const until = systemClock.now() + graceMs;
  for (;;) {
    const read = await machine.run(['sh', '-c', 'cat /var/mail/* 2>/dev/null || true']);
    if (!read.ok) return read;
    const ids = new Set(
      [...read.value.stdout.matchAll(/^Message-ID: <([^>]+)>$/gm)].map(([, id = '']) => id),
    );
    if (accepted.isSubsetOf(ids) || systemClock.now() > until) return ok(ids);
    await systemClock.sleep(100);
  }
}
