// The hands of bench/guard.ts inside the lab machine: each mode does one thing and prints JSON.
//
//   sink                       counts datagrams by their source, until standard input ends; `SOURCE` asks
//   latency LOG COUNT WAIT     writes a line against each of COUNT addresses, and tells when its packets stop
//   burst LOG COUNT TABLE SET  writes a line against each of COUNT addresses at once; seconds until all are banned
//   count TABLE SET            elements of a set
//   fill COUNT                 puts as many bans in force into the agent's store
//
// Run in the network `wild`, a datagram comes from whichever of its addresses is bound to.

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { readElements, writeQuestion } from '../src/guard/firewall/nft-elements.ts';
import { Netlink, protocols } from '../src/host/netlink.ts';
import { stateFolder } from '../src/host/state-folder.ts';
import { serverAddress } from '../src/lab/network.ts';
import { openStore } from '../src/store/open-store.ts';

const port = 25;
const askPort = 26;
/** Milliseconds between two datagrams: what the latency is told to. */
const pace = 0.2;

const [mode = '', ...args] = process.argv.slice(2);
const modes: Readonly<Record<string, () => Promise<unknown>>> = { sink, latency, burst, count, fill };
const work = modes[mode];
if (work === undefined) throw new Error(`no such mode: ${mode}`);
const outcome = await work();
if (outcome !== undefined) process.stdout.write(`${JSON.stringify(outcome)}\n`);
process.exit(0);

/** Answers `SOURCE` on the second port with the highest number that came from it on the first. */
async function sink(): Promise<void> {
  const highest = new Map<string, number>();
  const counter = createSocket('udp4');
  counter.on('message', (message, { address }) => {
    highest.set(address, Math.max(highest.get(address) ?? -1, message.readUInt32LE(0)));
  });
  counter.bind(port, serverAddress);
  const asked = createSocket('udp4');
  asked.on('message', (message, from) => {
    asked.send(String(highest.get(message.toString()) ?? -1), from.port, from.address);
  });
  asked.bind(askPort, serverAddress);
  await Promise.all([once(counter, 'listening'), once(asked, 'listening')]);
  process.stdout.write('ready\n');
  process.stdin.resume();
  await once(process.stdin, 'end');
}

function line(address: string): string {
  const stamp = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString();
  const time = `${stamp.slice(0, 10)} ${stamp.slice(11, 19)}`;
  return `${time} H=(x) [${address}] F=<a@b.example> rejected RCPT <a@c.test>: relay not permitted\n`;
}

function addressOf(number: number): string {
  return `198.18.${10 + (number >> 8)}.${number & 255}`;
}

async function bound(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  // A firewall that rejects says so.
  socket.on('error', () => undefined);
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}

/** Milliseconds from the line in the log to the first datagram that does not arrive, for each address. */
async function latency(): Promise<(number | null)[]> {
  const [log = '', counted = '', wait = ''] = args;
  const file = openSync(log, 'a');
  const asking = await bound('198.18.0.1');
  const found: (number | null)[] = [];
  for (let number = 0; number < Number(counted); number += 1) {
    const address = addressOf(number);
    const socket = await bound(address);
    const sentAt: number[] = [];
    const message = Buffer.alloc(16);
    const send = (): void => {
      message.writeUInt32LE(sentAt.length, 0);
      sentAt.push(performance.now());
      socket.send(Buffer.from(message), port, serverAddress);
    };
    const highest = async (): Promise<number> => {
      const heard = once(asking, 'message') as Promise<[Buffer]>;
      asking.send(address, askPort, serverAddress);
      return Number((await heard)[0].toString());
    };
    for (let warm = 0; warm < 5; warm += 1) {
      send();
      await sleep(1);
    }
    const start = performance.now();
    writeSync(file, line(address));
    let result: number | null = null;
    let nextLook = start + 3;
    while (performance.now() - start < Number(wait)) {
      send();
      const due = (sentAt.at(-1) ?? 0) + pace;
      do await turn();
      while (performance.now() < due);
      if (performance.now() < nextLook) continue;
      // Over when nothing of the last while has arrived.
      const arrived = await highest();
      const first = sentAt[arrived + 1];
      if (first !== undefined && performance.now() - first > 20) {
        result = Math.max(0, first - start);
        break;
      }
      nextLook = performance.now() + 5;
    }
    found.push(result);
    socket.close();
    await sleep(2);
  }
  closeSync(file);
  return found;
}

function elements(table: string, set: string): number {
  const netlink = Netlink.open(protocols.netfilter);
  if (!netlink.ok) throw new Error(netlink.problem.message);
  const answer = netlink.value.ask(writeQuestion('elements', table, set));
  netlink.value.close();
  return answer.ok ? readElements(answer.value.messages).length : 0;
}

async function burst(): Promise<{ seconds: number; banned: number }> {
  const [log = '', counted = '', table = '', set = '', limit = '60'] = args;
  const before = elements(table, set);
  const file = openSync(log, 'a');
  const text = Array.from({ length: Number(counted) }, (_, at) => line(addressOf(5000 + at))).join('');
  const start = performance.now();
  writeSync(file, text);
  let banned = 0;
  while (performance.now() - start < Number(limit) * 1000) {
    banned = elements(table, set) - before;
    if (banned >= Number(counted)) break;
    await sleep(2);
  }
  return { seconds: (performance.now() - start) / 1000, banned };
}

async function count(): Promise<number> {
  const [table = '', set = ''] = args;
  return await Promise.resolve(elements(table, set));
}

async function fill(): Promise<number> {
  const opened = await openStore(`${stateFolder()}/agent`, Date.now());
  if (!opened.ok) throw new Error(opened.problem.message);
  const now = Date.now();
  const bans = Array.from({ length: Number(args[0]) }, (_, at) => ({
    target: `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`,
    began: now - 1000,
    until: now + 3_600_000,
    rule: 'relay',
    reason: '3 sightings',
    offences: 1,
    evidence: [line('198.18.0.11'), line('198.18.0.11'), line('198.18.0.11')],
    mailBefore: 0,
    attempts: 0,
    mailLost: 0,
  }));
  const saved = opened.value.store.save({ bans });
  if (!saved.ok) throw new Error(saved.problem.message);
  opened.value.store.close();
  return bans.length;
}
