/** What the live guard tells, as notices. */
import { type Duration, formatDuration } from '../base/duration.ts';
import type { Incident } from '../guard/incident.ts';
import type { GuardRecord } from '../guard/record.ts';
import type { Notice } from './notice.ts';

const mostAddresses = 20;

export function noticeOfRecord(record: GuardRecord): Notice | undefined {
  const { at } = record;
  switch (record.type) {
    case 'ban': {
      const { address, rule, seconds, evidence, network } = record;
      const wider = network === undefined ? '' : `, and all of ${network}`;
      const title = `${banTitle(address, seconds, rule)}${wider}`;
      return { kind: 'ban', at, title, lines: evidence, subject: address, urgency: 'told' };
    }
    case 'attack':
      return record.state === 'begun'
        ? {
            kind: 'attack',
            at,
            title: 'an attack has begun: Exim turns clients away',
            lines: [],
            subject: 'slots',
            urgency: 'told',
          }
        : {
            kind: 'attack',
            at,
            title: 'Exim turns nobody away any more',
            lines: [],
            subject: 'slots',
            urgency: 'over',
          };
    case 'incident':
      return {
        kind: 'attack',
        at,
        title: `an attack of ${minutes(record.ended - record.began)} is over`,
        lines: incidentLines(record),
        subject: 'slots',
        urgency: 'over',
      };
    case 'alert': {
      const { login, addresses } = record;
      const title = `${addresses.length} addresses guess passwords of ${login}`;
      const hint = 'give that account a new password if it has a weak one';
      return {
        kind: 'login-attack',
        at,
        title,
        lines: addresses.slice(0, mostAddresses),
        subject: login,
        urgency: 'told',
        hint,
      };
    }
    case 'problem': {
      const { message, hint } = record.problem;
      return {
        kind: 'trouble',
        at,
        title: message,
        lines: [],
        subject: message.split(':')[0] ?? '',
        urgency: 'needed',
        ...(hint === undefined ? {} : { hint }),
      };
    }
    case 'jail-ban': {
      const { jail, address, seconds, evidence } = record;
      const title = banTitle(address, seconds, `jail ${jail}`);
      return { kind: 'ban', at, title, lines: evidence, subject: address, urgency: 'told' };
    }
    default:
      // Records that a later guard tells are for whoever knows them.
      return undefined;
  }
}

export function banTitle(target: string, seconds: number, rule: string): string {
  return `${target} is banned for ${formatDuration((Math.round(seconds) * 1000) as Duration)}: ${rule}`;
}

/** What it was, and what it cost; who was banned stands with the message (gathering.ts). */
function incidentLines(incident: Incident): string[] {
  const { turnedAway, turnedAwayAddresses, slotsHeld, bans, networks, connectionsEnded, mail } = incident;
  const byRule = Object.entries(bans).toSorted(([, one], [, other]) => other - one);
  return [
    turnedAway === 0
      ? 'nobody was turned away'
      : `${turnedAway} times turned away, from ${turnedAwayAddresses} addresses, for ${minutes(incident.fullFor)}`,
    ...(slotsHeld > 0 ? [`${slotsHeld} connections at a time without progress`] : []),
    ...byRule.map(([rule, count]) => `${count} banned: ${rule}`),
    ...(networks.length > 0 ? [`whole networks: ${networks.slice(0, mostAddresses).join(', ')}`] : []),
    ...(connectionsEnded > 0 ? [`${connectionsEnded} connections of trusted addresses ended`] : []),
    `${mail} messages accepted meanwhile`,
  ];
}

function minutes(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
