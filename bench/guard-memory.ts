// What tracked addresses cost: npm run bench:guard-memory
//
// In one process: the resident memory after a collection with nothing tracked, then with a million
// addresses (IPv4 and IPv6 in turn), one sighting each, then with two million sightings, which fill it.
// DESIGN §9: at most 128 MB over idle.
//
// V8's young generation is held to 4 MB (as a memory-bound service would be run): otherwise up to 70 MB of
// garbage that nobody has asked back yet stand in the figure, whatever is tracked.

import type { Address } from '../src/base/address.ts';
import { defaultRules } from '../src/guard/rule.ts';
import { Tally } from '../src/guard/tally.ts';

const tracked = 1_000_000;
const most = 128;

if (globalThis.gc === undefined) throw new Error('run it with --expose-gc');

const megabytes = (): number => {
  globalThis.gc?.();
  const { rss } = process.memoryUsage();
  return rss / 1_000_000;
};

const address = (number: number): Address =>
  (number % 2 === 0
    ? `${10 + (number >> 22)}.${(number >> 14) & 255}.${(number >> 6) & 255}.${number & 63}`
    : `2001:db8:${(number >> 12).toString(16)}:${(number & 0xfff).toString(16)}::1`) as Address;

const line = (number: number): string =>
  `2026-11-23 09:00:00 plain authenticator failed for (x) [${address(number)}]: 535 Incorrect authentication data (set_id=user${number})`;

function fill(tally: Tally, count: number, at: number): number {
  const start = performance.now();
  for (let number = 0; number < count; number += 1)
    tally.see(
      { kind: 'credential', address: address(number), line: line(number), subject: `user${number}${at}` },
      at + number / 1000,
    );
  return (performance.now() - start) / count;
}

// Its code is compiled before the first figure: that is no cost of an address.
fill(new Tally(defaultRules, 1000), 20_000, 0);
const idle = megabytes();
const tally = new Tally(defaultRules, tracked);
const figures: Record<string, number> = { idle };
const each = fill(tally, tracked, 0);
figures['one sighting each'] = megabytes() - idle;
fill(tally, tracked, 10_000);
figures['two sightings each'] = megabytes() - idle;
fill(tally, tracked, 20_000);
figures['three, which is more than fit'] = megabytes() - idle;

console.log(
  `${tally.size.toLocaleString('en')} addresses tracked, ${(each * 1000).toFixed(1)} µs a sighting`,
);
for (const [name, value] of Object.entries(figures))
  console.log(`${value.toFixed(1).padStart(8)} MB  ${name}`);
const worst = Math.max(...Object.values(figures).slice(1));
console.log(`${worst <= most ? 'ok' : 'TOO MUCH'}: ${worst.toFixed(1)} MB over idle, at most ${most}`);
process.exitCode = worst <= most ? 0 : 1;
