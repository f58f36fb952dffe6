/**
 * A timed, measured attack on a lab: the same bots, senders and figures whatever defends it.
 */
import type { GuardRecord } from '../guard/record.ts';
import { ok, type Result } from '../base/result.ts';
import { checkout } from '../host/checkout.ts';
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
import { botNetwork, clientAddress, senderNetwork, serverAddress } from './network.ts';
import type { SenderEvent, SenderOptions } from './sender.ts';

export interface DrillOptions {
  readonly defence: DefenceName;
  readonly seconds: number;
  readonly seed: number;
  readonly bots: readonly BotKind[];
  readonly senders: number;
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
  const bots = new Map(options.bots.map((kind, index) => [clientAddress(botNetwork, index + 1), kind]));
  const events: SenderEvent[] = [];
  const world = machine.start(
    [nodePath, `${checkout}/src/lab/bin/senders.ts`],
    {
      onLine: (line) => {
        const event = JSON.parse(line) as SenderEvent;
        events.push(event);
        options.tell(event);
      },
    },
    'world',
  );
  const wild = machine.start([nodePath, `${checkout}/src/lab/bin/bots.ts`], {}, 'wild');
  const begun = systemClock.now();
  options.tell({ type: 'begun', at: begun });
  world.send(`${JSON.stringify(senders)}\n`);
  wild.send(`${JSON.stringify({ seed: options.seed, bots: botOptions(bots, senders) })}\n`);
  await systemClock.sleep((options.seconds * 2000) / 3, options.signal);
  await options.meanwhile?.();
  await systemClock.sleep(begun + options.seconds * 1000 - systemClock.now(), options.signal);
  const ended = systemClock.now();
  // A conversation under way may end, while the attack goes on.
  await stop(world);
  await stop(wild);
  const delivered = await readMailboxes(machine, events.filter(({ type }) => type === 'accepted').length);
  if (!delivered.ok) return delivered;
  const bans = await defence.bans();
  if (!bans.ok) return bans;
  const usage = await defence.usage();
  if (!usage.ok) return usage;
  return ok(
    figuresOf({
      defence: options.defence,
      seconds: options.seconds,
      seed: options.seed,
      bots,
      senders: senders.map(({ address }) => address),
      begun,
      ended,
      events,
      delivered: delivered.value,
      bans: bans.value,
      usage: usage.value,
    }),
  );
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

function botOptions(bots: ReadonlyMap<string, BotKind>, senders: readonly SenderOptions[]): unknown[] {
  return [...bots].map(([address, kind]) => ({
    kind,
    address,
    server: serverAddress,
    domain: mailDomain,
    recipient: `${mailboxes[0] ?? ''}@${mailDomain}`,
    scapegoat: senders[0]?.address ?? serverAddress,
  }));
}

const graceMs = 6000;

/** Ends a process by the end of its input; one that takes too long is killed with the lab. */
async function stop(service: Service): Promise<void> {
  service.finish();
  await Promise.race([service.ended, systemClock.sleep(graceMs)]);
  service.signal('SIGKILL');
}

/** The message ids in the mailboxes, once the accepted ones are there or `graceMs` have passed. */
async function readMailboxes(machine: Machine, accepted: number): Promise<Result<Set<string>>> {
  const until = systemClock.now() + graceMs;
  for (;;) {
    const read = await machine.run(['sh', '-c', 'cat /var/mail/* 2>/dev/null || true']);
    if (!read.ok) return read;
    const ids = new Set(
      [...read.value.stdout.matchAll(/^Message-ID: <([^>]+)>$/gm)].map(([, id = '']) => id),
    );
    if (ids.size >= accepted || systemClock.now() > until) return ok(ids);
    await systemClock.sleep(100);
  }
}
