/**
 * The attackers of the lab. Each bot has one address and one habit, and keeps at it until stopped,
 * banned or not.
 */
import { systemClock } from '../host/clock.ts';
import { SmtpClient } from '../exim/smtp-client.ts';
import { encryptIfOffered } from './encrypt-if-offered.ts';
import { hostileConversations } from './hostile-conversations.ts';
import { spreadAddress } from './network.ts';

export const botKinds = [
  // These hold a slot: they say nothing; a byte now and then; harmless commands, slowly; half a
  // transaction; a TLS handshake and no more.
  'hold',
  'dribble',
  'walk',
  'halve',
  'burn',
  // Silent too, but each of its connections has another address of one IPv6 network.
  'spread',
  // This one is in a hurry: turned away, it is back at once, several connections at a time.
  'hammer',
  // These misuse it.
  'guess',
  'relay',
  'harvest',
  'break',
  'hostile',
] as const;
export type BotKind = (typeof botKinds)[number];

export interface BotOptions {
  readonly kind: BotKind;
  /** Of each of its connections; `spread` has them from `spreadAddress` instead. */
  readonly address: string;
  readonly server: string;
  readonly domain: string;
  /** A mailbox that exists. */
  readonly recipient: string;
  /** The address that hostile text tries to get banned: a legitimate sender's. */
  readonly scapegoat: string;
  readonly random: () => number;
}

/** How long a slot holder keeps a connection without a word. */
const holdMs = 25_000;
const pauseMs = 500;
const timeoutMs = 10_000;

/** Connections that a hammerer keeps up at a time. */
const hammers = 3;
const hammerPauseMs = 100;

/** Ends with its process alone. */
export async function runBot(options: BotOptions): Promise<void> {
  const hands = options.kind === 'hammer' ? hammers : 1;
  await Promise.all(
    Array.from({ length: hands }, async () => {
      await attackForEver(options);
    }),
  );
}

async function attackForEver(options: BotOptions): Promise<never> {
  const { kind, address, random } = options;
  for (;;) {
    const localAddress =
      kind === 'spread' ? spreadAddress(Number(address.split(':').at(-1)), random) : address;
    const connected = await SmtpClient.connect(
      { host: options.server, port: kind === 'guess' ? 587 : 25, localAddress },
      isPatient(kind) ? holdMs : timeoutMs,
    );
    if (connected.ok) {
      const client = connected.value;
      await habits[kind](client, options);
      client.close();
    }
    await systemClock.sleep((kind === 'hammer' ? hammerPauseMs : pauseMs) * (0.5 + random()));
  }
}

/** Those that sit on a connection wait for an answer as long as they can. */
function isPatient(kind: BotKind): boolean {
  return kind === 'hold' || kind === 'halve' || kind === 'burn' || kind === 'spread';
}

type Habit = (client: SmtpClient, options: BotOptions) => Promise<unknown>;

/** Nothing more is said to it: this ends when its patience does, or the connection. */
const hold: Habit = async (client) => {
  const greeted = await client.greeting();
  if (greeted.ok) await client.reply();
};

const habits: Readonly<Record<BotKind, Habit>> = {
  hold,
  spread: hold,

  hammer: async (client) => {
    const greeted = await client.greeting();
    if (greeted.ok) await client.command('QUIT');
  },

  dribble: async (client) => {
    // One that was turned away has no slot to dribble on, and is back for another.
    const greeted = await client.greeting();
    if (!greeted.ok) return;
    for (const character of 'EHLO a.very.slow.client.invalid') {
      client.send(character);
      await systemClock.sleep(1000);
    }
  },

  walk: async (client) => {
    await client.reply();
    for (let step = 0; step < 12; step += 1) {
      const reply = await client.command(step % 3 === 0 ? 'HELO walk.invalid' : 'NOOP');
      if (!reply.ok) return;
      await systemClock.sleep(2000);
    }
  },

  halve: async (client, options) => {
    await client.reply();
    for (const command of ['EHLO half.invalid', 'MAIL FROM:<>', `RCPT TO:<${options.recipient}>`]) {
      const reply = await client.command(command);
      if (!reply.ok) return;
    }
    await client.reply();
  },

  burn: async (client) => {
    if ((await hello(client, 'burn.invalid')) === undefined) return;
    await client.reply();
  },

  guess: async (client, options) => {
    const ehlo = await hello(client, 'smtp.mail.invalid');
    if (ehlo === undefined) return;
    for (let guess = 0; guess < 3; guess += 1) {
      const password = `${pick(options, ['123456', 'password', 'qwerty', 'letmein']) ?? ''}${Math.floor(options.random() * 1e6)}`;
      const plain = btoa(`\0${pick(options, ['alice', 'admin', 'info', 'test']) ?? ''}\0${password}`);
      const reply = await client.command(`AUTH PLAIN ${plain}`);
      if (!reply.ok || reply.value.code !== 535) return;
    }
  },

  relay: async (client, options) => {
    if ((await hello(client, 'relay.invalid')) === undefined) return;
    await client.command(`MAIL FROM:<spam@${options.domain}>`);
    for (let tries = 0; tries < 3; tries += 1) {
      const reply = await client.command(
        `RCPT TO:<victim${Math.floor(options.random() * 1e6)}@elsewhere.invalid>`,
      );
      if (!reply.ok) return;
    }
  },

  harvest: async (client, options) => {
    if ((await hello(client, 'harvest.invalid')) === undefined) return;
    await client.command('MAIL FROM:<>');
    for (let tries = 0; tries < 5; tries += 1) {
      const name = pick(options, ['sales', 'jobs', 'office', 'bill', 'mary', 'john']) ?? '';
      const number = Math.floor(options.random() * 1000);
      const reply = await client.command(`RCPT TO:<${name}${number}@${options.domain}>`);
      if (!reply.ok) return;
    }
  },

  break: async (client, options) => {
    // Speaking before the greeting is a synchronization error (RFC 5321 §4.3.1).
    if (options.random() < 0.5) {
      client.send('EHLO early.invalid\r\nMAIL FROM:<>\r\n');
      await client.reply();
      return;
    }
    await client.reply();
    for (const command of [
      'GET / HTTP/1.1',
      'Host: x',
      'EHLO',
      'FOO BAR',
      'MAIL FROM:x y',
      'RCPT',
      'XYZZY',
      'QUUX',
    ]) {
      const reply = await client.command(command);
      if (!reply.ok) return;
    }
  },

  hostile: async (client, options) => {
    const conversation = pick(options, hostileConversations(options.scapegoat, options.recipient));
    const begun =
      conversation?.encrypted === true ? await hello(client, 'hostile.invalid') : await client.greeting();
    if (begun === undefined) return;
    for (const text of conversation?.says ?? []) {
      const reply = await client.command(text);
      if (!reply.ok) return;
    }
  },
};

/** Greeting, EHLO and STARTTLS; undefined where the server turned us away. */
async function hello(client: SmtpClient, name: string): Promise<true | undefined> {
  const greeted = await client.greeting();
  if (!greeted.ok) return undefined;
  const ehlo = await client.expect(`EHLO ${name}`);
  if (!ehlo.ok) return undefined;
  const encrypted = await encryptIfOffered(client, ehlo.value, name);
  return encrypted.ok ? true : undefined;
}

function pick<T>(options: BotOptions, choices: readonly T[]): T | undefined {
  return choices[Math.floor(options.random() * choices.length)];
}
