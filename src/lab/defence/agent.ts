/** Portreeve's agent in a machine of the lab, as on a real host: user portreeve, group adm, CAP_NET_ADMIN alone. */
import type { GuardRecord } from '../../guard/record.ts';
import { fail, ok } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import { processUsage } from '../process-usage.ts';
import type { StartDefence, TimedBan } from './defence.ts';
import { ownProgram } from '../../host/own-program.ts';

const unprivileged = [
  'setpriv',
  '--reuid=portreeve',
  '--regid=portreeve',
  '--init-groups',
  '--inh-caps=-all,+net_admin',
  '--ambient-caps=-all,+net_admin',
  '--bounding-set=-all,+net_admin',
  '--no-new-privs',
  '--',
];

/** How long the agent may take to stop in order. */
const graceMs = 5000;

function networkOf({ network }: { readonly network?: string }): { network?: string } {
  return network === undefined ? {} : { network };
}

type Message =
  | GuardRecord
  | { readonly type: 'ready'; readonly pid: number }
  | { readonly type: 'restored' }
  | { readonly type: 'jails' };

export const startAgent: StartDefence = async (machine, tell) => {
  const bans: TimedBan[] = [];
  const errors: string[] = [];
  let ready: (pid: number | undefined) => void = () => undefined;
  const started = new Promise<number | undefined>((resolve) => {
    ready = resolve;
  });
  const argv = [...unprivileged, ...ownProgram, '--json', 'agent', '--firewall', 'nft'];
  const service = machine.start(argv, {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    onLine: (line) => {
      const message = JSON.parse(line) as Message;
      if (message.type === 'ready') {
        ready(message.pid);
        return;
      }
      if (message.type === 'restored' || message.type === 'jails') return;
      if (message.type !== 'ban') {
        tell(message);
        return;
      }
      // Its own time is that of the log's line, in whole seconds; the agent tells of it when it is in force.
      const at = systemClock.now();
      bans.push({ address: message.address, ...networkOf(message), at });
      tell({ ...message, at });
    },
    onErrorLine: (line) => errors.push(line),
  });
  void service.ended.then(() => {
    ready(undefined);
  });
  const pid = await started;
  if (pid === undefined) {
    return fail(
      'unavailable',
      `cannot start the agent: it says: ${errors.slice(0, 3).join(' | ') || 'nothing'}`,
    );
  }
  return ok({
    bans: async () => await Promise.resolve(ok([...bans])),
    usage: async () => await processUsage(machine, pid),
    explain: async (address) => {
      const asked = await machine.succeed('ask the guard', [
        ...ownProgram,
        '--json',
        'guard',
        'explain',
        address,
      ]);
      if (!asked.ok) return asked;
      return ok((JSON.parse(asked.value.stdout) as { readonly says: readonly string[] }).says);
    },
    stop: async () => {
      // The shell's own kill: a minimal Debian has no program of that name.
      await machine.run(['sh', '-c', 'kill -TERM "$1"', 'sh', String(pid)]);
      await Promise.race([service.ended, systemClock.sleep(graceMs)]);
      service.signal('SIGKILL');
    },
  });
};
