/** What the agent tells of its guard, as people read it on its output and in the journal. */
import type { Incident } from '../guard/incident.ts';
import type { GuardRecord } from '../guard/record.ts';
import type { Speaker } from './speak.ts';

export function reportRecord(speak: Speaker, record: GuardRecord): void {
  const { bad, bold, dim, warn } = speak.style;
  speak.document(record);
  if (record.type === 'ban') {
    const { address, seconds, rule, network, trust } = record;
    const wider = network === undefined ? '' : `, and all of ${network}`;
    speak.line(`${bad('ban')} ${address} for ${Math.round(seconds)} s: ${rule}${wider}`);
    for (const line of record.evidence) speak.line(`    ${dim(line)}`);
    if (trust !== undefined) speak.line(`    ${dim(`trust ${trust.credit}: ${trust.reasons.join(', ')}`)}`);
  } else if (record.type === 'jail-ban') {
    speak.line(`${bad('ban')} ${record.address} for ${Math.round(record.seconds)} s: jail ${record.jail}`);
    for (const line of record.evidence) speak.line(`    ${dim(line)}`);
  } else if (record.type === 'attack') speak.line(bold(`attack ${record.state}`));
  else if (record.type === 'alert')
    speak.line(warn(`${record.addresses.length} addresses try the login ${record.login}`));
  else if (record.type === 'unban') speak.line(`${record.target} is not banned any more (${record.by})`);
  else if (record.type === 'incident') tellIncident(speak, record);
  else speak.problem(record.problem);
}

function tellIncident(speak: Speaker, incident: Incident): void {
  const { began, ended, turnedAway, turnedAwayAddresses, bans, mail } = incident;
  const seconds = Math.round((ended - began) / 1000);
  const kinds = Object.entries(bans).map(([rule, count]) => `${count} by ${rule}`);
  speak.line(
    speak.style.bold(
      `an attack of ${seconds} s is over: ${turnedAway} refusals of ${turnedAwayAddresses} addresses, bans: ${kinds.join(', ') || 'none'}; ${mail} messages came through`,
    ),
  );
}
