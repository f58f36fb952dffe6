/**
 * A room where Exim runs with a copy of its configuration and touches nothing that is live: a mount
 * namespace in which the copy lies at /etc/exim4, what is generated from it at /var/lib/exim4, and
 * folders of the rehearsal's own stand for spool, log and pid file. So `.include`, CONFDIR and
 * update-exim4.conf (which looks at /etc/exim4/exim4.conf.localmacros whatever -d says) see the copy, and
 * what Exim would write to the panic log of the live server lands here.
 *
 * A process holds the namespace for as long as the room is open, and ends when whoever opened it does.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { exists, makeFolder } from '../host/files.ts';
import type { Ran, RunOptions } from '../host/run.ts';
import { lookAlike } from '../host/look-alike.ts';
import { startService } from '../host/service.ts';
import { debianPlaces } from './debian-places.ts';
import { eximEnvironment, runExim } from './run-exim.ts';

export interface RehearsalRoom {
  /** Where the log of the room is read from outside. */
  readonly log: string;
  enter(argv: readonly string[]): string[];
  run(argv: readonly string[], options?: Pick<RunOptions, 'input' | 'timeoutMs'>): Promise<Result<Ran>>;
  /** As `run`, and without any network: what listens there is reached by nobody, and ends with `argv`. */
  runUnreachable(argv: readonly string[]): Promise<Result<Ran>>;
  close(): Promise<void>;
}

const stateFolder = '/var/lib/exim4';

/** Without `copy` the room has the configuration that is in force. */
export async function openRehearsalRoom(scratch: string, copy?: string): Promise<Result<RehearsalRoom>> {
  const mounts: string[] = [];
  const places = {
    spool: '/var/spool/exim4',
    log: '/var/log/exim4',
    run: '/run/exim4',
    ...(copy === undefined ? {} : { generated: stateFolder }),
  };
  for (const [name, place] of Object.entries(places)) {
    const own = `${scratch}/${name}`;
    const made = await makeFolder(own, 0o700);
    if (!made.ok) return made;
    if (await exists(place)) {
      const alike = await lookAlike(own, place);
      if (!alike.ok) return alike;
      mounts.push(own, place);
    } else if (place === stateFolder || name === 'log') {
      return fail('missing', `cannot rehearse: Debian's Exim must be installed: there is no ${place}`, {
        path: place,
      });
    }
  }
  if (copy !== undefined) mounts.push(copy, debianPlaces.folder);
  const held = await hold(mounts);
  if (!held.ok) return held;
  const { pid, close } = held.value;
  const enter = (argv: readonly string[], more: readonly string[] = []): string[] => [
    'nsenter',
    `--mount=/proc/${pid}/ns/mnt`,
    '--',
    ...more,
    ...argv,
  ];
  return ok({
    log: `${scratch}/log`,
    enter: (argv) => enter(argv),
    run: async (argv, options) => await runExim(enter(argv), options),
    runUnreachable: async (argv) => await runExim(enter(argv, unreachable), { timeoutMs: 30_000 }),
    close,
  });
}

const unreachable = ['unshare', '--net', '--pid', '--fork', '--kill-child', '--'];

/** The script is constant; what varies is passed beside it as arguments. */
const overlay = `
while [ $# -gt 0 ]; do mount --bind -- "$1" "$2"; shift 2; done
echo ready
exec cat > /dev/null
`;

async function hold(mounts: readonly string[]): Promise<Result<{ pid: number; close: () => Promise<void> }>> {
  const errors: string[] = [];
  let ready = (): void => undefined;
  const isReady = new Promise<boolean>((resolve) => {
    ready = () => {
      resolve(true);
    };
  });
  const holder = startService(['unshare', '--mount', '--', 'sh', '-eu', '-c', overlay, 'sh', ...mounts], {
    cwd: '/',
    env: eximEnvironment,
    onLine: () => {
      ready();
    },
    onErrorLine: (line) => errors.push(line),
  });
  const { pid } = holder;
  if ((await Promise.race([isReady, holder.ended.then(() => false)])) && pid !== undefined) {
    return ok({
      pid,
      close: async () => {
        holder.finish();
        await holder.ended;
      },
    });
  }
  return fail(
    'unavailable',
    `cannot rehearse: a room of its own is needed: ${errors.slice(-2).join(' | ')}`,
    {
      hint: 'it needs root with CAP_SYS_ADMIN and mount namespaces',
    },
  );
}
