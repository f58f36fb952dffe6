/**
 * Our nftables table as nft(8) reads it, and the names of its sets.
 *
 * One hash set with timeouts for each length of prefix, and one rule that masks the source and looks it up:
 * a ban costs the same whether ten or a million are in force, lengths never get in one another's way, and
 * each ban has its own end. An interval set has none of these (decision 0054). The hook comes before
 * connection tracking gives its verdicts (priority raw, -300), so packets of established connections are
 * dropped as well.
 */
import type { Network } from '../../base/network.ts';
import { networkOfWords } from '../../base/network.ts';
import { mailPorts } from '../mail-socket.ts';

/** The table of the guard's own bans. */
export const guardTable = 'portreeve';
/** Of those that leave mail alone. */
export const loginTable = 'portreeve_logins';

/** Ports that bans hold for; `all` is every protocol besides, `all but 25` those of TCP. */
export type BannedPorts = 'all' | 'all but 25' | readonly number[];

export interface Shield {
  /** The most connections that one source may have open at a time. */
  readonly connections: number;
  /** Whom it does not concern. */
  readonly spared: readonly Network[];
}

export interface Ruleset {
  /** Its name: bans on other ports need a table of their own. */
  readonly table?: string;
  readonly ports: BannedPorts;
  /** The most bans of a set. */
  readonly most: number;
  /** Whether each ban counts the packets that it drops; costs some 20 µs a ban (decision 0054). */
  readonly counters: boolean;
  readonly shield?: Shield | undefined;
  /** Whether addresses can be kept away for moments. */
  readonly backoff: boolean;
}

const ipv4Offset = 96;

/** Calls of those that are kept away. */
export const callSets: readonly [string, string] = ['calls4', 'calls6'];
/** Milliseconds that a call is remembered. */
export const callMs = 3000;
/** Where there are more, some are not noted; none is let in. */
const mostCalls = 8192;

/** `banned4`, `banned6_64`: of the family and the length of the prefix, where it is not whole. */
export function setOf(target: Network): string {
  const isIPv4 = isFour(target);
  if (target.bits === 128) return isIPv4 ? 'banned4' : 'banned6';
  const bits = isIPv4 ? target.bits - ipv4Offset : target.bits;
  return `banned${isIPv4 ? 4 : 6}_${bits}`;
}

/** The sets that are always there. */
export const wholeSets: readonly string[] = ['banned4', 'banned6'];

/** What a key of the set is: one or four words of 32 bits. */
export function keyOf(target: Network): readonly number[] {
  return isFour(target) ? target.words.slice(3) : target.words;
}

/** The ban that a key of a set stands for; undefined for a set that is not ours. */
export function targetOf(set: string, key: readonly number[]): Network | undefined {
  const named = /^banned([46])(?:_(\d{1,3}))?$/.exec(set);
  if (named === null) return undefined;
  const isIPv4 = named[1] === '4';
  if (key.length !== (isIPv4 ? 1 : 4)) return undefined;
  const [first = 0, second = 0, third = 0, last = 0] = key;
  const bits = Number(named[2] ?? (isIPv4 ? 32 : 128));
  return isIPv4
    ? networkOfWords([0, 0, 0xffff, first], bits + ipv4Offset)
    : networkOfWords([first, second, third, last], bits);
}

/** Makes the table with these sets, or brings one that is there up to it; the elements stay. */
export function rulesetText(ruleset: Ruleset, sets: readonly string[]): string {
  const { shield, table = guardTable } = ruleset;
  return [
    `table inet ${table} {`,
    ...sets.map((set) => `  ${setText(set, ruleset)}`),
    ...(ruleset.backoff ? backoffSets : []),
    '  chain input { type filter hook prerouting priority raw; policy accept; }',
    ...(shield === undefined ? [] : shieldSets),
    '}',
    `flush chain inet ${table} input`,
    ...sets.map((set) => `add rule inet ${table} input ${ruleText(set, ruleset.ports)}`),
    ...(ruleset.backoff ? backoffRules(ruleset.ports, table) : []),
    ...(shield === undefined ? [] : shieldRules(shield, ruleset.ports, table)),
    '',
  ].join('\n');
}

/** How many rules that makes. */
export function ruleCount(ruleset: Ruleset, sets: readonly string[]): number {
  return rulesetText(ruleset, sets).match(/^add rule /gm)?.length ?? 0;
}

function setText(set: string, { most, counters }: Ruleset): string {
  return `set ${set} { type ipv${set[6]}_addr; size ${most}; flags timeout; ${counters ? 'counter; ' : ''}}`;
}

function ruleText(set: string, ports: BannedPorts): string {
  const [, family, bits] = /^banned([46])(?:_(\d+))?$/.exec(set) ?? [];
  const source = family === '4' ? 'ip saddr' : 'ip6 saddr';
  const masked = bits === undefined ? source : `${source} & ${mask(family === '4', Number(bits))}`;
  return `${portsText(ports)}${masked} @${set} drop`;
}

function portsText(ports: BannedPorts): string {
  if (ports === 'all') return '';
  return ports === 'all but 25' ? 'tcp dport != 25 ' : `tcp dport { ${ports.join(', ')} } `;
}

function mask(isIPv4: boolean, bits: number): string {
  const all = isIPv4 ? ([0, 0, 0xffff, -1] as const) : ([-1, -1, -1, -1] as const);
  const network = networkOfWords(all, isIPv4 ? bits + ipv4Offset : bits);
  return network.text.replace(/\/\d+$/, '');
}

/**
 * For moments, no ban: open connections go on, and a new one is refused as by a closed port. Who calls all the
 * same is noted, with the port it calls from: a call that the network repeats is the same call.
 */
const backoffSets = [
  '  set backoff4 { type ipv4_addr; size 65536; flags timeout; }',
  '  set backoff6 { type ipv6_addr; size 65536; flags timeout; }',
  `  set ${callSets[0]} { type ipv4_addr . inet_service; size ${mostCalls}; flags dynamic,timeout; timeout ${callMs}ms; }`,
  `  set ${callSets[1]} { type ipv6_addr . inet_service; size ${mostCalls}; flags dynamic,timeout; timeout ${callMs}ms; }`,
  '  chain backoff { type filter hook input priority filter - 10; policy accept; }',
];

/** The set of an address or a /64 that is kept away for moments. */
export function backoffSetOf(target: Network): 'backoff4' | 'backoff6' {
  return isFour(target) ? 'backoff4' : 'backoff6';
}

/** The call that a key of a call set stands for: the caller's address and port. */
export function callOf(
  key: readonly number[],
): { readonly from: Network; readonly port: number } | undefined {
  const port = (key.at(-1) ?? 0) >>> 16;
  const [first = 0, second = 0, third = 0, last = 0] = key;
  if (key.length === 2) return { from: networkOfWords([0, 0, 0xffff, first], 128), port };
  return key.length === 5 ? { from: networkOfWords([first, second, third, last], 128), port } : undefined;
}

function backoffRules(ports: BannedPorts, table: string): string[] {
  const rules = (family: 4 | 6): string[] => {
    const source = family === 4 ? 'ip saddr' : 'ip6 saddr';
    const whole = family === 4 ? source : `${source} & ffff:ffff:ffff:ffff::`;
    // Whatever else bans hold for, it is Exim that was full.
    const begins = `${portsText(typeof ports === 'string' ? mailPorts : ports)}tcp flags & (syn | ack) == syn ${whole} @backoff${family}`;
    return [`${begins} add @calls${family} { ${source} . tcp sport }`, `${begins} reject with tcp reset`];
  };
  return [
    `flush chain inet ${table} backoff`,
    ...[...rules(4), ...rules(6)].map((text) => `add rule inet ${table} backoff ${text}`),
  ];
}

const shieldSets = [
  '  set shield4 { type ipv4_addr; size 65536; flags dynamic; }',
  '  set shield6 { type ipv6_addr; size 65536; flags dynamic; }',
  '  chain shield { type filter hook input priority filter - 10; policy accept; }',
];

function shieldRules({ connections, spared }: Shield, ports: BannedPorts, table: string): string[] {
  const rule = (text: string): string => `add rule inet ${table} shield ${text}`;
  const isNew = `${portsText(ports)}ct state new`;
  return [
    `flush chain inet ${table} shield`,
    rule('iif lo accept'),
    ...spared.map((network) => rule(`${isFour(network) ? 'ip' : 'ip6'} saddr ${network.text} accept`)),
    rule(`${isNew} add @shield4 { ip saddr ct count over ${connections} } counter drop`),
    rule(
      `${isNew} add @shield6 { ip6 saddr & ffff:ffff:ffff:ffff:: ct count over ${connections} } counter drop`,
    ),
  ];
}

function isFour({ words, bits }: Network): boolean {
  return bits >= ipv4Offset && words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
}
