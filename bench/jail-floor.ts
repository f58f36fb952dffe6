// What bench/fail2ban-jail.ts holds the agent against: the least that a program on Node does for a ban. Waits for a
// log to grow, takes the address of its last line, and writes it to the kernel: node bench/jail-floor.ts LOG
//
// No jail, no expression that a person wrote, nothing checked, kept or told of.

import { openSync, readSync, watch } from 'node:fs';
import { writeBatch } from '../src/guard/firewall/nft-elements.ts';
import { Netlink, protocols } from '../src/host/netlink.ts';

const [, , log = ''] = process.argv;
const netlink = Netlink.open(protocols.netfilter);
if (!netlink.ok) throw new Error(netlink.problem.message);
const file = openSync(log, 'r');
const buffer = Buffer.alloc(65_536);
let offset = 0;
watch(log, () => {
  const count = readSync(file, buffer, 0, buffer.length, offset);
  offset += count;
  const [, address] = /\[([\d.]+)\]/.exec(buffer.toString('latin1', 0, count)) ?? [];
  if (address === undefined) return;
  const key = [address.split('.').reduce((word, part) => word * 256 + Number(part), 0)];
  const element = { key, milliseconds: 3_600_000 };
  netlink.value.ask(writeBatch('floor', [{ set: 'banned4', act: 'add', count: 1, element: () => element }]));
});
console.log('{"type":"floor"}');
