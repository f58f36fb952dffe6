/** Portreeve as a defence: its agent, and a few slots that Exim keeps for whom the agent knows. */
import { startAgent } from './agent.ts';
import type { StartDefence } from './defence.ts';

/**
 * Keeps a few of Exim's slots for whom the guard knows. The daemon reads its configuration anew on SIGHUP,
 * and the file itself for each connection.
 */
const reserve = `
reserve=/var/lib/portreeve/agent/reserve
install -o portreeve -g portreeve -m 0644 /dev/null "$reserve"
chmod 0755 /var/lib/portreeve/agent
# One of them is read, by the layout of the configuration.
for macros in /etc/exim4/exim4.conf.localmacros /etc/exim4/conf.d/main/000_localmacros; do
  printf 'smtp_accept_reserve = %s\\nsmtp_reserve_hosts = net-iplsearch;%s\\n' 6 "$reserve" >> "$macros"
done
update-exim4.conf
kill -HUP "$(cat /run/exim4/exim.pid)"
`;

export const startPortreeve: StartDefence = async (machine, tell) => {
  const reserved = await machine.succeed('reserve slots for known senders', ['sh', '-eu', '-c', reserve]);
  return reserved.ok ? await startAgent(machine, tell) : reserved;
};
