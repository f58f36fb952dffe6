/**
 * The attackers of the lab. Each bot has one address and one habit, and keeps at it until stopped,
 * banned or not.
 */
import { systemClock } from '../host/clock.ts';
import { SmtpClient } from '../exim/smtp-client.ts';
import { encryptIfOffered } from './encrypt-if-offered.ts';
import { hostileText } from './hostile-text.ts';

export const botKinds = ['hold', 'guess', 'relay', 'harvest', 'break', 'hostile'] as const;
export type BotKind = (typeof botKinds)[number];

export interface BotOptions {
  readonly kind: BotKind;
  readonly address: string;
  readonly server: string;
  readonly domain: string;
  /** The address that hostile text tries to get banned: a legitimate sender's. */
  readonly scapegoat: string;
  readonly random: () => number;
}

/** How long a slot holder keeps a connection without a word. */
const holdMs = 25_000;
const pauseMs = 500;
const timeoutMs = 10_000;

export async function runBot(options: BotOptions): Promise<never> {
  for (;;) {
    const connected = await SmtpClient.connect(
      { host: options.server, port: options.kind === 'guess' ? 587 : 25, localAddress: options.address },
      options.kind === 'hold' ? holdMs : timeoutMs,
    );
    if (connected.ok) {
      const client = connected.value;
      await habits[options.kind](client, options);
      client.close();
    }
    await systemClock.sleep(pauseMs * (0.5 + options.random()));
  }
}

type Habit = (client: SmtpClient, options: BotOptions) => Promise<unknown>;

const habits: Readonly<Record<BotKind, Habit>> = {
  hold: async (client) => {
    await client.reply();
    // Nothing more is said to it: this ends when its patience does, or the connection.
    await client.reply();
  },

  guess: async (client, options) => {
    const ehlo = await hello(client, 'smtp.mail.invalid');
    if (ehlo === undefined) return;
    for (let guess = 0; guess < 3; guess += 1) {
      const password = `${pick(options, ['123456', 'password', 'qwerty', 'letmein'])}${Math.floor(options.random() * 1e6)}`;
      const plain = btoa(`\0${pick(options, ['alice', 'admin', 'info', 'test'])}\0${password}`);
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
      const name =
        pick(options, ['sales', 'jobs', 'office', 'bill', 'mary', 'john']) +
        Math.floor(options.random() * 1000);
      const reply = await client.command(`RCPT TO:<${name}@${options.domain}>`);
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
    const text = hostileText(options.scapegoat);
    const greeted = await client.reply();
    if (!greeted.ok || greeted.value.code !== 220) return;
    for (const command of text.commands) {
      const reply = await client.command(command);
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

function pick(options: BotOptions, choices: readonly string[]): string {
  return choices[Math.floor(options.random() * choices.length)] ?? '';
}
