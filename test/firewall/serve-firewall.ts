// A firewall backend inside a lab machine, asked by lines of JSON: `[method, ...arguments]` on standard
// input, each answered by a line with its result. What makes the backend is the first argument.

import { createInterface } from 'node:readline';
import type { Network } from '../../src/base/network.ts';
import { EximFirewall } from '../../src/guard/firewall/exim.ts';
import type { Firewall } from '../../src/guard/firewall/firewall.ts';
import { NftFirewall, type NftOptions } from '../../src/guard/firewall/nft.ts';
import { systemClock } from '../../src/host/clock.ts';

const [kind = '', options = '{}'] = process.argv.slice(2);
const makers: Readonly<Record<string, () => Firewall>> = {
  exim: () => new EximFirewall((JSON.parse(options) as { path: string }).path, systemClock),
  nft: () => new NftFirewall(JSON.parse(options) as NftOptions),
};

const firewall = makers[kind]?.();
if (firewall === undefined) throw new Error(`no such backend: ${kind}`);

for await (const line of createInterface({ input: process.stdin })) {
  const [method, ...given] = JSON.parse(line) as ['ban', never];
  // The methods are called with what they were called with over there.
  const answer: unknown = await firewall[method](...given);
  // A network is its text: a line has a limit.
  const text = JSON.stringify(answer ?? null, (key, value: unknown) =>
    key === 'target' ? (value as Network).text : value,
  );
  process.stdout.write(`${text}\n`);
}
