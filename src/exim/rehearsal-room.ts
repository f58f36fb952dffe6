/**
 * A room where Exim runs with a copy of its configuration and touches nothing that is live: a mount
 * namespace in which the copy lies at /etc/exim4, what is generated from it at /var/lib/exim4, and
 * folders of the rehearsal's own stand for spool, log and pid file. So `.include`, CONFDIR and
 * update-exim4.conf (which looks at /etc/exim4/exim4.conf.localmacros whatever -d says) see the copy, and
 * what Exim would write to the panic log of the live server lands here. It ends with what runs in it.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { exists, makeFolder } from '../host/files.ts';
import type { Ran, RunOptions } from '../host/run.ts';
import { succeed } from '../host/succeed.ts';
import { debianPlaces } from './debian-places.ts';
import { runExim } from './run-exim.ts';

export interface RehearsalRoom {
  /** Where the log of the room is read from outside. */
  readonly log: string;
  enter(argv: readonly string[]): string[];
  run(argv: readonly string[], options?: Pick<RunOptions, 'input' | 'timeoutMs'>): Promise<Result<Ran>>;
  /** As `run`, and without any network: what listens there is reached by nobody, and ends with `argv`. */
  runUnreachable(argv: readonly string[]): Promise<Result<Ran>>;
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
      for (const like of ['chown', 'chmod']) {
        const alike = await succeed('prepare a rehearsal', [like, `--reference=${place}`, '--', own]);
        if (!alike.ok) return alike;
      }
      mounts.push(own, place);
    } else if (place === stateFolder || name === 'log') {
      return fail('missing', `cannot rehearse: Debian's Exim must be installed: there is no ${place}`, {
        path: place,
      });
    }
  }
  if (copy !== undefined) mounts.push(copy, debianPlaces.folder);
  const enter = (argv: readonly string[], more: readonly string[] = []): string[] => [
    'unshare',
    '--mount',
    ...more,
    '--',
    'sh',
    '-eu',
    '-c',
    overlay,
    'sh',
    ...mounts,
    '--',
    ...argv,
  ];
  return ok({
    log: `${scratch}/log`,
    enter: (argv) => enter(argv),
    run: async (argv, options) => await runExim(enter(argv), options),
    runUnreachable: async (argv) => await runExim(enter(argv, unreachable), { timeoutMs: 30_000 }),
  });
}

const unreachable = ['--net', '--pid', '--fork', '--kill-child'];

/** The script is constant; what varies is passed beside it as arguments. */
const overlay = `
while [ "$1" != -- ]; do mount --bind -- "$1" "$2"; shift 2; done
shift
exec "$@"
`;
