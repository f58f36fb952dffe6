/**
 * Starts the daemon with the configuration to be, with its own ports, where nobody can reach it (its
 * network namespace holds nothing): a cipher string that the TLS library refuses, a port that is none, an
 * interface that cannot be read all end it here instead of on the live server. Then lets it end.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { portsInUse } from '../host/ports-in-use.ts';
import { parseSocketTable } from '../host/processes.ts';
import type { Complaint } from './complaint.ts';
import type { Daemon } from './daemon.ts';
import { debianPlaces } from './debian-places.ts';
import type { RehearsalRoom } from './rehearsal-room.ts';

export interface DaemonTrial {
  readonly complaints: readonly Complaint[];
  readonly ports: readonly number[];
}

const mark = '-- sockets --';

export async function tryDaemon(room: RehearsalRoom, live: Daemon | undefined): Promise<Result<DaemonTrial>> {
  const options = live?.process.argv.slice(1) ?? ['-bd', '-oP', debianPlaces.pidFile];
  const script = ['sh', '-u', '-c', trial, 'sh', mark];
  const ran = await room.runUnreachable([...script, debianPlaces.program, ...options]);
  if (!ran.ok) {
    // `-bdf` or a wrapper stays in the foreground: it lives, and that was the question.
    return ran.problem.kind === 'timeout' ? ok({ complaints: [], ports: [] }) : ran;
  }
  const [said = '', sockets] = ran.value.stdout.split(`${mark}\n`);
  if (sockets === undefined) {
    return fail(
      'unavailable',
      `cannot rehearse: a network of its own is needed: ${ran.value.stderr.trim()}`,
      {
        hint: 'it needs root with CAP_SYS_ADMIN and network namespaces',
      },
    );
  }
  const ports = [...new Set(parseSocketTable(sockets).map(({ port }) => port))].toSorted((a, b) => a - b);
  if (ran.value.status !== 0) {
    return ok({
      complaints: [{ where: 'the daemon', what: lastWords(`${said}\n${ran.value.stderr}`) }],
      ports,
    });
  }
  const own = new Set(live?.sockets.map(({ port }) => port));
  const taken = await portsInUse();
  const complaints = ports
    .filter((port) => taken.has(port) && !own.has(port))
    .map((port) => ({ where: 'the daemon', what: `port ${port} is taken by another program` }));
  if (ports.length === 0) complaints.push({ where: 'the daemon', what: 'it listens on no port' });
  return ok({ complaints, ports });
}

/**
 * Addresses that only the real network has must be bindable here. Exim goes to the background (not as a
 * child of process 1, hence the second shell) and listens a moment later: it is waited for until two
 * looks see the same sockets, or nobody is left. When this script, process 1 of its namespace, ends, the
 * kernel ends the daemon.
 */
const trial = `
mark=$1; shift
for family in ipv4 ipv6; do echo 1 > /proc/sys/net/$family/ip_nonlocal_bind; done 2>/dev/null
sh -c '"$@"; exit $?' sh "$@"; status=$?
known=; waited=0
while [ $status = 0 ] && [ $waited -lt 50 ]; do
  now=$(grep -h ' 0A ' /proc/self/net/tcp /proc/self/net/tcp6 2>/dev/null)
  [ -n "$now" ] && [ "$now" = "$known" ] && break
  kill -0 -1 2>/dev/null || break
  known=$now; waited=$((waited + 1)); sleep 0.1
done
echo "$mark"
cat /proc/self/net/tcp /proc/self/net/tcp6 2>/dev/null
exit $status
`;

function lastWords(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => line.endsWith('Exim configuration error:'));
  const told = at < 0 ? lines.findLast((line) => line !== '') : lines[at + 1];
  return (told ?? 'it ends at once and says nothing').slice(0, 300);
}
