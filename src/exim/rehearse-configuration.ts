/**
 * Whether Exim accepts a copy of its configuration folder, found out without touching the real one.
 *
 * The copy is put in the place of /etc/exim4 in a mount namespace of the rehearsal's own, so that
 * update-exim4.conf (which looks at /etc/exim4/exim4.conf.localmacros whatever -d says), `.include` and
 * CONFDIR see the copy too. `exim4 -bV` finds unknown options, bad values and missing files; what it
 * misses (expansions, ACL names, cipher strings) only the live daemon tells.
 */
import { fail, ok, type Failed, type Result } from '../base/result.ts';
import { exists, removeAll } from '../host/files.ts';
import type { Ran } from '../host/run.ts';
import { debianPlaces } from './debian-places.ts';
import { runExim } from './run-exim.ts';

export async function rehearseConfiguration(copy: string, scratch: string): Promise<Result<string>> {
  const generated = `${scratch}/config.rehearsed`;
  const handWritten = await exists(`${copy}/exim4.conf`);
  if (!handWritten) {
    const made = await inCopy(copy, ['update-exim4.conf', '-o', generated]);
    if (!made.ok) return made;
    if (made.value.status !== 0) return refusedBy('update-exim4.conf', made.value);
  }
  const config = handWritten ? debianPlaces.handWritten : generated;
  const checked = await inCopy(copy, [debianPlaces.program, '-C', config, '-bV']);
  await removeAll(generated);
  if (!checked.ok) return checked;
  if (checked.value.status !== 0) return refusedBy('exim4 -bV', checked.value);
  const version = /^Exim version (\S+)/.exec(checked.value.stdout)?.[1] ?? '';
  return ok(`Exim ${version} accepts the configuration (-bV)`);
}

/** The script is constant; what varies is passed beside it as arguments. */
const overlay = 'mount --bind -- "$1" "$2"; shift 2; exec "$@"';

async function inCopy(copy: string, argv: readonly string[]): Promise<Result<Ran>> {
  const room = ['unshare', '--mount', '--', 'sh', '-eu', '-c', overlay, 'sh', copy, debianPlaces.folder];
  return await runExim([...room, ...argv]);
}

function refusedBy(program: string, ran: Ran): Failed {
  const lines = `${ran.stderr}\n${ran.stdout}`.split('\n').map((line) => line.trim());
  // Exim repeats on standard error what it writes into its panic log, time stamp first.
  const telling = lines.find((line) => /Exim configuration error|rror/.test(line));
  const at = lines.indexOf(telling ?? '');
  const words = (at < 0 ? lines.filter((line) => line !== '').slice(-2) : lines.slice(at, at + 2)).join(' ');
  return fail(
    'configuration',
    `cannot accept the change: ${program} must accept the configuration: ${words.trim().slice(0, 400)}`,
    { path: debianPlaces.folder, hint: 'nothing was touched; correct the file and run it again' },
  );
}
