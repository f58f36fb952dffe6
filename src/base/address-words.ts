/**
 * An address as four 32-bit numbers, the most significant first: what tables and masks work on. IPv4
 * stands in `::ffff:0:0/96` (RFC 4291 §2.5.5.2), so that both families fit one table.
 */
import type { Address } from './address.ts';

export type Words = readonly [number, number, number, number];

export function addressWords(address: Address): Words {
  if (!address.includes(':')) return [0, 0, 0xffff, ipv4(address)];
  const groups = [0, 0, 0, 0, 0, 0, 0, 0];
  const gap = address.indexOf('::');
  const head = gap === -1 ? address : address.slice(0, gap);
  const tail = gap === -1 ? '' : address.slice(gap + 2);
  let place = 0;
  if (head !== '') for (const group of head.split(':')) groups[place++] = Number.parseInt(group, 16);
  const last = tail === '' ? [] : tail.split(':');
  place = 8 - last.length;
  for (const group of last) groups[place++] = Number.parseInt(group, 16);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups;
  return [(a << 16) | b, (c << 16) | d, (e << 16) | f, (g << 16) | h];
}

function ipv4(text: string): number {
  let value = 0;
  let part = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) {
      value = (value << 8) | part;
      part = 0;
    } else part = part * 10 + code - 0x30;
  }
  return (value << 8) | part;
}
