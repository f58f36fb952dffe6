/** Reads Exim's log of the last thirty days, and tells who would be lost by a policy. */
import { debianLogs } from '../exim/debian-logs.ts';
import { eachLine } from '../exim/each-line.ts';
import { logContext } from '../exim/log-context.ts';
import { parseLogLine } from '../exim/log-line.ts';
import { wantsMail } from '../exim/wants-mail.ts';
import { type LostHosts, TlsHosts } from '../tls/lost-hosts.ts';
import { policies, type PolicyName } from '../tls/policy.ts';
import type { Speaker } from './speak.ts';

const days = 30;
const day = 86_400_000;
const mostShown = 10;

export async function lostClients(policy: PolicyName, now: number): Promise<LostHosts> {
  const hosts = new TlsHosts(now - days * day);
  const context = logContext({ junkHelo: true, now });
  await eachLine(
    await debianLogs(now - days * day),
    ({ text }) => {
      hosts.see(parseLogLine(text, context));
    },
    { wanted: wantsMail },
  );
  return hosts.lostBy(policies[policy]);
}

export function tellLost(speak: Speaker, { hosts, lost }: LostHosts): void {
  if (hosts === 0) return;
  if (lost.length === 0) {
    speak.line(`None of the ${hosts} hosts that delivered under TLS in the last ${days} days would be lost.`);
    return;
  }
  speak.line(
    speak.style.warn(
      `${lost.length} of ${hosts} hosts of the last ${days} days speak none of these versions; their mail would come in clear, or not at all:`,
    ),
  );
  for (const { address, name, versions, messages } of lost.slice(0, mostShown)) {
    speak.line(`  ${address}  ${name ?? ''}  ${versions.join(', ')}  ${messages} messages`);
  }
  if (lost.length > mostShown) speak.line(`  and ${lost.length - mostShown} more (--json has them all)`);
}
