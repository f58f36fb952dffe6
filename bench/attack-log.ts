// Writes a mail server's log under attack, the same bytes for the same number of lines: nine lines in
// ten are abuse of every kind, from some thousands of addresses; the rest is mail.

import { closeSync, openSync, writeSync } from 'node:fs';

const perWrite = 20_000;

/** Returns the size in bytes. About 117 bytes a line. */
export function writeAttackLog(path: string, lines: number): number {
  const file = openSync(path, 'w');
  const random = generator(20_261_123);
  let at = Date.UTC(2026, 5, 1);
  let written = 0;
  let block: string[] = [];
  for (let count = 0; count < lines; ) {
    at += random(3) === 0 ? 1000 : 0;
    const stamp = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
    for (const message of random(100) < 92 ? [abuse(random)] : mail(random, count)) {
      if (count === lines) break;
      block.push(`${stamp} ${message}\n`);
      count += 1;
    }
    if (block.length < perWrite && count < lines) continue;
    written += writeSync(file, block.join(''), null, 'latin1');
    block = [];
  }
  closeSync(file);
  return written;
}

type Random = (below: number) => number;

/** xorshift32: the bench must not depend on chance. */
function generator(seed: number): Random {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const words = ['mail', 'smtp', 'host', 'win-7g2', 'ylmf-pc', 'user', 'localhost', 'mx1', 'vps', 'desktop-k9'];
const logins = [
  'admin',
  'info',
  'sales',
  'test',
  'office',
  'scanner',
  'postmaster@example.com',
  'backup',
  'ftp',
];
const domains = ['example.org', 'example.net', 'mail.example', 'shop.example', 'isp.example'];

const pick = (random: Random, of: readonly string[]): string => of[random(of.length)] ?? '';

/** Few addresses send most: the attackers' usual shape. */
function attacker(random: Random): string {
  const index = random(4) === 0 ? random(9000) : random(300);
  return `198.${18 + (index & 1)}.${(index >> 1) & 255}.${(index * 7 + (index >> 9) * 31) & 255}`;
}

function host(random: Random): string {
  const helo = `(${pick(random, words)}${random(500)}.${pick(random, domains)}) `;
  const name = random(5) === 0 ? `h${random(900)}.${pick(random, domains)} ` : '';
  return `${name}${helo}[${attacker(random)}]`;
}

function abuse(random: Random): string {
  const choice = random(100);
  const someone = `${pick(random, logins).split('@')[0]}${random(300)}@${pick(random, domains)}`;
  if (choice < 24) return `Connection from [${attacker(random)}] refused: too many connections`;
  if (choice < 32)
    return `Connection from [${attacker(random)}] refused: too many connections from that IP address`;
  if (choice < 60) {
    return `${random(2) === 0 ? 'plain' : 'login'}_server authenticator failed for ${host(random)}: 535 Incorrect authentication data (set_id=${pick(random, logins)}${random(40)})`;
  }
  if (choice < 72)
    return `H=${host(random)} F=<${someone}> rejected RCPT <x${random(9000)}@${pick(random, domains)}>: relay not permitted`;
  if (choice < 84)
    return `H=${host(random)} F=<${someone}> rejected RCPT <u${random(9000)}@example.com>: Unrouteable address`;
  if (choice < 90) {
    return `SMTP protocol synchronization error (input sent without waiting for greeting): rejected connection from H=[${attacker(random)}] input="EHLO ${pick(random, words)}\\r\\n"`;
  }
  if (choice < 94)
    return `SMTP call from ${host(random)} dropped: too many nonmail commands (last was "NOOP")`;
  if (choice < 97)
    return `no MAIL in SMTP connection from ${host(random)} D=${random(60)}s C=EHLO,AUTH,AUTH,QUIT`;
  return `H=${host(random)} sender verify fail for <${someone}>: Unrouteable address`;
}

function mail(random: Random, count: number): string[] {
  const id = `1${base62(count + 9_000_000, 5)}-${base62(random(900_000), 6)}-${base62(random(3000), 2)}`;
  const sender = `${pick(random, logins).split('@')[0]}@${pick(random, domains)}`;
  const size = 900 + random(90_000);
  return [
    `${id} <= ${sender} H=mx${random(90)}.${pick(random, domains)} [203.0.113.${random(256)}] P=esmtps X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 CV=no S=${size} id=${base62(random(1e9), 8)}@${pick(random, domains)}`,
    `${id} => alice <alice@example.com> R=local_user T=mail_spool`,
    `${id} Completed`,
  ];
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function base62(value: number, width: number): string {
  let text = '';
  for (let rest = value, left = width; left > 0; left -= 1, rest = Math.floor(rest / 62)) {
    text = (digits[rest % 62] ?? '') + text;
  }
  return text;
}
