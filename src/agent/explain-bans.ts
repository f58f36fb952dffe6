/** An explanation from what the guard has in mind and from what has been kept. Pure. */
import { formatDuration, type Duration } from '../base/duration.ts';
import type { Explained } from '../guard/explained.ts';
import { leavesMail } from '../guard/leaves-mail.ts';
import type { StoredBan } from '../store/store.ts';
import type { Explanation } from './guard-hands.ts';

/** `bans`: of the address and of networks around it, the oldest first. */
export function explanationOf(explained: Explained, bans: readonly StoredBan[], now: number): Explanation {
  const listed = bans.map((ban) => ({ ...ban, inForce: isInForce(ban, now) }));
  return { ...explained, bans: listed, says: sentences(explained, listed, now) };
}

export function isInForce({ until, ended }: Pick<StoredBan, 'until' | 'ended'>, now: number): boolean {
  return ended === undefined && until > now;
}

function sentences(
  { allowed, known, reserved, patience, trust, score, measures, endings, sightings }: Explained,
  bans: Explanation['bans'],
  now: number,
): string[] {
  const says: string[] = [];
  if (allowed) says.push('It is on the allowlist: it is never banned.');
  const inForce = bans.filter((ban) => ban.inForce);
  for (const { target, rule, reason, until, attempts, mailBefore, mailLost } of inForce) {
    const left = formatDuration((Math.ceil((until - now) / 1000) * 1000) as Duration);
    if (leavesMail(rule)) {
      says.push(
        `${target} cannot log in for ${left} more: it guessed passwords (${reason}), and all ports but 25 are closed to it.`,
      );
      says.push(
        `Its mail is let in on port 25: it is a known sender, and others may share its address (NAT). Guesses on port 25 close that too. That ban met ${count(attempts, 'attempt')}.`,
      );
      continue;
    }
    says.push(`${target} is banned for ${left} more: ${rule} (${reason}).`);
    says.push(
      `That ban met ${count(attempts, 'attempt')}; ${count(mailBefore, 'message')} had been accepted from it before, and ${count(mailLost, 'message')} since.`,
    );
  }
  const closed = bans.filter(({ rule, inForce: isOn }) => leavesMail(rule) && !isOn);
  const lastClosed = closed.at(-1);
  if (lastClosed !== undefined)
    says.push(
      `It guessed passwords before: for that it could not log in ${closed.length === 1 ? 'once' : `${closed.length} times`}, until ${ago(lastClosed.ended ?? lastClosed.until, now)} ago, while its mail was let in.`,
    );
  if (inForce.length === 0 && !allowed) {
    says.push(
      sightings.length === 0 && endings === undefined
        ? 'It is not banned: nothing is held against it now.'
        : `It is not banned: ${measures
            .map(
              ({ kind, counted, needed, findtime }) =>
                `${kind} ${round(counted)} of ${round(needed)} in ${formatDuration(findtime)}`,
            )
            .concat(`score ${score.now} of ${score.needed}`)
            .join(', ')}.`,
    );
  }
  if (endings !== undefined)
    says.push(
      `Its connections that held slots were ended ${endings.count === 1 ? 'once' : `${endings.count} times`}, the last ${ago(endings.last, now)} ago, without a ban: it is a known sender, and others may share its address (NAT).`,
    );
  if (trust !== undefined)
    says.push(
      `Trust ${trust.credit} (${trust.reasons.join(', ')}): it may do ${patience} times as much as a stranger${known ? ', and a first ban of it is short' : ''}${reserved ? '; it has a place in the reserve' : ''}.`,
    );
  return says;
}

function count(value: number, what: string): string {
  return `${value === 0 ? 'no' : value} ${what}${value === 1 ? '' : 's'}`;
}

function round(value: number): string {
  return String(Number(value.toFixed(1)));
}

function ago(then: number, now: number): string {
  return formatDuration((Math.max(0, Math.round((now - then) / 1000)) * 1000) as Duration);
}
