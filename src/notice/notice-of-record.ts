/** What the live guard tells, as notices. */
import type { GuardRecord } from '../guard/record.ts';
import type { Notice } from './notice.ts';

const mostAddresses = 20;

export function noticeOfRecord(record: GuardRecord): Notice | undefined {
  const { at } = record;
  switch (record.type) {
    case 'ban': {
      const { address, rule, seconds, evidence, network } = record;
      const wider = network === undefined ? '' : `, and all of ${network}`;
      const title = `${address} is banned for ${Math.round(seconds)} s: ${rule}${wider}`;
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
        : { kind: 'attack', at, title: 'the attack is over', lines: [], subject: 'slots', urgency: 'over' };
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
    default:
      // Records that a later guard tells are for whoever knows them.
      return undefined;
  }
}
