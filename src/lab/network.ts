/**
 * The three networks of the lab: `mx` (the machine's own), `wild` and `world`, each joined to mx by a
 * veth pair.
 *
 * Every address of 198.18.0.0/16 is local in wild, every address of 198.19.0.0/16 in world (an AnyIP
 * route), so a client binds to whatever address it plays; both ranges are reserved for tests
 * (RFC 2544). wild has a network of IPv6 too. The mail server is 192.0.2.25 (RFC 5737) and 2001:db8:25::25
 * (RFC 3849). The names exist only inside the machine.
 */
import { ok, type Result } from '../base/result.ts';
import type { Machine } from './machine.ts';

export const serverAddress = '192.0.2.25';
export const botNetwork = '198.18';
export const senderNetwork = '198.19';
export const serverAddress6 = '2001:db8:25::25';
/** The /64 of one attacker; each of its connections may have an address of its own. */
export const spreadNetwork = '2001:db8:bad:64';

export async function joinNetworks(machine: Machine): Promise<Result<void>> {
  const commands = [`ip address add ${serverAddress}/32 dev lo`];
  for (const [name, network] of [
    ['wild', botNetwork],
    ['world', senderNetwork],
  ] as const) {
    commands.push(
      `ip netns add ${name}`,
      `ip link add ${name} type veth peer name mx netns ${name}`,
      `ip link set ${name} up`,
      `ip route add ${network}.0.0/16 dev ${name} src ${serverAddress}`,
      `ip -n ${name} link set lo up`,
      `ip -n ${name} link set mx up`,
      `ip -n ${name} route add local ${network}.0.0/16 dev lo`,
      `ip -n ${name} route add ${serverAddress}/32 dev mx src ${network}.0.1`,
    );
  }
  commands.push(
    `ip address add ${serverAddress6}/128 dev lo`,
    // Nobody answers for an AnyIP network when neighbours are asked: each side is a router to the other.
    'ip address add fe80::1/64 dev wild nodad',
    'ip -n wild address add fe80::2/64 dev mx nodad',
    `ip route add ${spreadNetwork}::/64 via fe80::2 dev wild`,
    `ip -n wild route add local ${spreadNetwork}::/64 dev lo`,
    `ip -n wild route add ${serverAddress6}/128 via fe80::1 dev mx`,
  );
  for (const command of commands) {
    const done = await machine.succeed('join the networks of the lab', command.split(' '));
    if (!done.ok) return done;
  }
  // IPv6, unlike IPv4, does not let a client bind to an address that only a route makes local.
  const bind = 'echo 1 > /proc/sys/net/ipv6/ip_nonlocal_bind';
  const bound = await machine.succeed('let bots have any address of their network', [
    'ip',
    'netns',
    'exec',
    'wild',
    'sh',
    '-c',
    bind,
  ]);
  return bound.ok ? ok() : bound;
}

/** The address of the n-th client (from 1) of a network: 1 → .0.11, 250 → .1.10. */
export function clientAddress(network: string, ordinal: number): string {
  const host = ordinal + 10;
  return `${network}.${Math.floor(host / 250)}.${host % 250}`;
}

/** An address of the attacker's /64: `number` tells its bots apart, `random` each connection. */
export function spreadAddress(number: number, random: () => number): string {
  const group = (): string => Math.floor(random() * 0x1_0000).toString(16);
  return `${spreadNetwork}:${group()}:${group()}:${group()}:${(number % 0x1_0000).toString(16)}`;
}
