/** The section `[guard]`: every setting of the guard's judging, declared once. */
import {
  durationSetting,
  listSetting,
  type NumericSetting,
  numberSetting,
  type Setting,
  switchSetting,
} from '../base/setting.ts';
import { parseNetwork } from '../base/network.ts';
import { Settings, type SettingsSection } from '../base/settings.ts';
import type { SightingKind } from './sighting-kind.ts';
import { ruleTable } from './user-rules.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

interface RuleDefaults {
  readonly maxretry: number;
  readonly findtime: number;
  readonly bantime: number;
  readonly weight: number;
  readonly repetition?: number;
  readonly apart?: number;
}

/**
 * Being turned away four separate times in eight seconds is hammering: a mail server waits for minutes
 * (RFC 5321 §4.5.4.1). Being turned away less often, or by the dozen at one moment, is nothing.
 *
 * Clumsy servers refuse to greet properly, fail at TLS and hang up without mail: what only that shows is
 * measured generously.
 *
 * Weights are such that one kind alone, kept below its own measure, never fills the score.
 */
const rules: Readonly<Record<SightingKind, RuleDefaults>> = {
  credential: { maxretry: 5, findtime: 10 * minute, bantime: hour, weight: 10, repetition: 0.25 },
  relay: { maxretry: 3, findtime: 10 * minute, bantime: hour, weight: 20 },
  harvest: { maxretry: 10, findtime: 10 * minute, bantime: hour, weight: 5 },
  protocol: { maxretry: 5, findtime: 10 * minute, bantime: 30 * minute, weight: 10 },
  flood: { maxretry: 3, findtime: minute, bantime: 30 * minute, weight: 3 },
  greeting: { maxretry: 10, findtime: 10 * minute, bantime: 30 * minute, weight: 5 },
  handshake: { maxretry: 20, findtime: 10 * minute, bantime: 30 * minute, weight: 2 },
  loiter: { maxretry: 20, findtime: 10 * minute, bantime: 30 * minute, weight: 2 },
  spam: { maxretry: 10, findtime: 10 * minute, bantime: hour, weight: 5 },
  probe: { maxretry: 3, findtime: 10 * minute, bantime: hour, weight: 20 },
  'turned-away': { maxretry: 4, findtime: 8 * second, bantime: 10 * minute, weight: 0, apart: 500 },
};

function settingsOf([kind, rule]: [string, RuleDefaults]): Setting[] {
  const name = `guard.${kind}`;
  return [
    number(`${name}.maxretry`, 1, 200, rule.maxretry, `how many ${kind} sightings make a verdict`),
    duration(`${name}.findtime`, second, day, rule.findtime, `the time in which ${kind} sightings add up`),
    duration(`${name}.bantime`, second, 52 * 7 * day, rule.bantime, `the first ban for ${kind}`),
    number(`${name}.weight`, 0, 1000, rule.weight, `what one ${kind} sighting adds to the score`),
    number(
      `${name}.repetition`,
      0,
      1,
      rule.repetition ?? 1,
      `what a ${kind} sighting counts that repeats an earlier one, such as the same login again`,
    ),
    duration(
      `${name}.apart`,
      0,
      hour,
      rule.apart ?? 0,
      `${kind} sightings closer together than this count once`,
    ),
  ];
}

const guardSettings: readonly Setting[] = [
  ...Object.entries(rules).flatMap(settingsOf),
  number('guard.escalation.factor', 1, 100, 2, 'how many times longer each further ban lasts'),
  duration('guard.escalation.cap', second, 52 * 7 * day, 7 * day, 'the longest that a ban grows'),
  duration('guard.escalation.forget', minute, 52 * 7 * day, 7 * day, 'the quiet time that forgets one ban'),
  number(
    'guard.widening.several',
    0,
    100,
    3,
    'how many parts of a network have to offend for all of it; 0: never',
  ),
  duration('guard.widening.window', second, 7 * day, hour, 'the time in which offenders of a network add up'),
  number('guard.widening.shortest', 32, 64, 48, 'the shortest IPv6 prefix that widening reaches'),
  switchSetting('guard.widening.ipv4', false, 'whether IPv4 addresses widen to their /24'),
  duration('guard.trust.half-life', minute, 52 * 7 * day, 14 * day, 'the time in which trust halves'),
  number('guard.trust.mail', 0, 1000, 1, 'the credit that an accepted message earns its address'),
  number('guard.trust.login', 0, 1000, 2, 'the credit that a login earns its address besides'),
  listSetting(
    'guard.trust.names',
    [],
    'known senders by name, such as mail.example.org or *.example.org: their forward-confirmed reverse names earn credit',
    {
      needs: 'a host name, or one behind *.',
      fits: (text) => isHostName(text.replace(/^\*\./, '')),
    },
  ),
  number('guard.trust.name', 0, 1000, 5, 'the credit that such a name earns its address'),
  number('guard.trust.patience', 1, 100, 3, 'how many times more the most trusted may do before a ban'),
  number('guard.login.addresses', 2, 1000, 10, 'how many addresses at one login are a distributed attack'),
  duration('guard.login.findtime', second, day, 10 * minute, 'the time in which they add up'),
  number('guard.trust.known.credit', 0, 1000, 3, 'the least credit of a known sender'),
  duration(
    'guard.trust.known.recent',
    minute,
    52 * 7 * day,
    2 * day,
    'how long ago a known sender may have delivered last',
  ),
  duration(
    'guard.trust.known.bantime',
    second,
    day,
    30 * second,
    'the longest first ban of a known sender: others may share its address',
  ),
  switchSetting(
    'guard.trust.known.mail',
    true,
    'whether a known sender that guesses passwords is first kept from logging in alone, and its mail comes in on port 25; never with --firewall exim or command, which close all ports alike',
  ),
  duration('guard.slot-holder.bantime', second, day, 10 * minute, 'the first ban for holding slots'),
  number(
    'guard.slot-holder.endings',
    0,
    10_000,
    60,
    'how often connections of a known sender that hold slots are ended before it is banned',
  ),
  duration('guard.slot-holder.window', second, day, 10 * minute, 'the time in which they add up'),
  duration(
    'guard.slot-holder.after',
    0,
    hour,
    minute,
    'how long after an attack of ten addresses or more slot holders are still looked for, three times as patiently',
  ),
  duration(
    'guard.backoff.first',
    0,
    minute,
    2 * second,
    'how long a stranger that was turned away beside ten others cannot come back; 0: it always can',
  ),
  duration('guard.backoff.most', second, hour, 16 * second, 'how long at the most: it doubles each time'),
  number('guard.reserve.credit', 0, 1000, 0.5, 'the least credit that earns a place in the reserve'),
  number('guard.reserve.most', 0, 10_000, 500, 'how many addresses have a place in the reserve'),
  duration(
    'guard.reserve.suspend',
    0,
    7 * day,
    10 * minute,
    'how long an address that offended has no place in the reserve',
  ),
  listSetting(
    'guard.allow',
    [],
    'who is never banned, besides this machine, its gateways, its DNS servers and who is logged in on it',
    { needs: 'an address, a network or a host name', fits: isHostOrNetwork },
  ),
  listSetting(
    'guard.web-logs',
    [],
    'access and error logs of Apache or nginx in which probes are looked for',
    { needs: 'an absolute path', fits: (text) => text.startsWith('/') },
  ),
  listSetting(
    'guard.firewall.ports',
    ['25', '465', '587'],
    'the ports that a banned address cannot reach; all: every port',
    {
      needs: 'a port or all',
      fits: (text) => text === 'all' || (/^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536),
    },
  ),
  listSetting(
    'guard.firewall.command',
    [],
    'the program, with its arguments, that bans where the agent has --firewall command',
    { needs: 'a path or an argument', fits: (text) => text !== '' && !text.includes('\0') },
  ),
  switchSetting('guard.firewall.counters', false, 'whether the packets that each ban drops are counted'),
  number(
    'guard.firewall.shield',
    0,
    10_000,
    0,
    'how many connections to the mail ports one address may have at a time; 0: any number',
  ),
  number('guard.firewall.most', 1000, 10_000_000, 1_000_000, 'how many bans the firewall holds at the most'),
  duration('guard.incident.quiet', second, day, 2 * minute, 'the quiet time after which an attack is over'),
  number('guard.score.threshold', 1, 1_000_000, 100, 'the score over all kinds that makes a verdict'),
  duration('guard.score.half-life', second, day, 10 * minute, 'the time in which a score halves'),
  duration('guard.score.bantime', second, 52 * 7 * day, 30 * minute, 'the first ban for the score'),
];

function isHostOrNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined || isHostName(text);
}

function isHostName(text: string): boolean {
  return /^(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.[a-z]{2,63}$/i.test(text);
}

function number(name: string, least: number, most: number, standard: number, says: string): NumericSetting {
  return numberSetting(name, { least, most, default: standard }, says);
}

function duration(name: string, least: number, most: number, standard: number, says: string): NumericSetting {
  return durationSetting(name, { least, most, default: standard }, says);
}

export const guardSection: SettingsSection = {
  name: 'guard',
  says: 'what makes a ban, how long it lasts, and who is trusted',
  settings: guardSettings,
  tables: [ruleTable],
};

/** What holds where nobody has set anything. */
export const defaultSettings: Settings = new Settings([guardSection]);
