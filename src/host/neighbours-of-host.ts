/**
 * Addresses that this machine must go on hearing: its gateways, its DNS servers, and from where people are
 * logged in now. What cannot be read is left out.
 */
import { readdir, readFile } from 'node:fs/promises';
import { type Address, parseAddress } from '../base/address.ts';

export async function neighboursOfHost(): Promise<Address[]> {
  const [route4, route6, resolv, sessions] = await Promise.all([
    read('/proc/net/route'),
    read('/proc/net/ipv6_route'),
    read('/etc/resolv.conf'),
    readSessions('/run/systemd/sessions'),
  ]);
  const ssh = process.env['SSH_CONNECTION']?.split(' ')[0] ?? '';
  return [
    ...gateways4(route4),
    ...gateways6(route6),
    ...nameServers(resolv),
    ...sessions.flatMap(remoteHost),
    ...(parseAddress(ssh) === undefined ? [] : [parseAddress(ssh) as Address]),
  ];
}

/** `/proc/net/route`: the third column is the gateway, in hexadecimal of the machine's own byte order. */
export function gateways4(table: string): Address[] {
  return table.split('\n').flatMap((line) => {
    const hex = line.trim().split(/\s+/)[2] ?? '';
    if (!/^[0-9A-F]{8}$/.test(hex) || hex === '00000000') return [];
    const bytes = hex.match(/../g) ?? [];
    const text = bytes
      .toReversed()
      .map((byte) => Number.parseInt(byte, 16))
      .join('.');
    return parseAddress(text) ?? [];
  });
}

/** `/proc/net/ipv6_route`: the fifth column is the next hop. */
export function gateways6(table: string): Address[] {
  return table.split('\n').flatMap((line) => {
    const hex = line.trim().split(/\s+/)[4] ?? '';
    if (!/^[0-9a-f]{32}$/.test(hex) || /^0{32}$/.test(hex)) return [];
    return parseAddress((hex.match(/.{4}/g) ?? []).join(':')) ?? [];
  });
}

/** resolv.conf(5) */
export function nameServers(text: string): Address[] {
  return [...text.matchAll(/^\s*nameserver\s+([^\s%]+)/gm)].flatMap(
    ([, server = '']) => parseAddress(server) ?? [],
  );
}

/** A session of logind's: `REMOTE_HOST=192.0.2.7`. */
function remoteHost(session: string): Address[] {
  const [, host = ''] = /^REMOTE_HOST=(\S+)$/m.exec(session) ?? [];
  return [parseAddress(host)].flatMap((address) => address ?? []);
}

async function readSessions(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return await Promise.all(names.slice(0, 1000).map(async (name) => await read(`${folder}/${name}`)));
}

async function read(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}
