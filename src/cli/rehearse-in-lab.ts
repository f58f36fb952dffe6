/**
 * Makes a change in the lab first: a machine of its own, in which the folder as it is serves mail by a real
 * Exim, and the change is made there with all its proofs. Nothing of it reaches this host.
 *
 * What the configuration names elsewhere on this host (certificates, lists) is seen there. Without probes of the
 * administrator's, mail to the postmaster and a relay attempt are tried.
 */
import type { Edit } from '../base/edit.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { debianPlaces } from '../exim/debian-places.ts';
import { copyFolder } from '../host/copy-folder.ts';
import { makeFolder } from '../host/files.ts';
import { openLab } from '../lab/lab.ts';
import { startExim } from '../lab/mail-server.ts';
import type { Machine } from '../lab/machine.ts';
import { ownProgram } from '../host/own-program.ts';

export interface LabRehearsal {
  readonly folder: string;
  readonly reason: string;
  readonly edits: readonly Edit[];
  /** Told each step that was taken there. */
  readonly tell: (line: string) => void;
}

const act = 'try it in the lab';
const path = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
const timeoutMs = 120_000;

export async function rehearseInLab(rehearsal: LabRehearsal): Promise<Result<void>> {
  const { folder, tell } = rehearsal;
  if (folder !== debianPlaces.folder) {
    return fail('usage', `cannot ${act}: it must be Exim's folder: the lab has no server for ${folder}`, {
      hint: 'without --rehearse the change is checked by the daemon itself, as every change is',
    });
  }
  const opened = await openLab({ tell });
  if (!opened.ok) return opened;
  try {
    return await rehearseOn(opened.value, rehearsal);
  } finally {
    await opened.value.close();
  }
}

async function rehearseOn(
  machine: Machine,
  { folder, reason, edits, tell }: LabRehearsal,
): Promise<Result<void>> {
  const brought = await bring(machine, folder, edits);
  if (!brought.ok) return brought;
  const laid = await machine.succeed(act, ['sh', '-eu', '-c', lay], { env: path, timeoutMs });
  if (!laid.ok) return laid;
  const started = await startExim(machine);
  if (!started.ok) return started;
  const tracked = await machine.succeed(act, [...ownProgram, 'history', 'init', folder], {
    env: path,
    timeoutMs,
  });
  if (!tracked.ok) return tracked;
  const pairs = edits.map((edit, index) => `${edit.path}=/tmp/rehearsal/edit-${index}`);
  const options = ['--folder', folder, '-m', reason];
  const ran = await machine.run([...ownProgram, 'change', 'apply', ...options, ...pairs], {
    env: path,
    timeoutMs,
  });
  if (!ran.ok) return ran;
  for (const line of ran.value.stdout.split('\n')) if (line !== '') tell(line);
  if (ran.value.status === 0) return ok();
  const words =
    ran.value.stderr.split('\n').find((line) => line.startsWith('portreeve: ')) ?? ran.value.stderr;
  return fail(
    'no',
    `cannot try it here: it must work in the lab: ${words.replace('portreeve: ', '').trim()}`,
    {
      hint: 'nothing was touched on this host',
    },
  );
}

/** What the machine needs of this host, into its /tmp, which is its own memory. */
async function bring(machine: Machine, folder: string, edits: readonly Edit[]): Promise<Result<void>> {
  const place = `${machine.root}/tmp/rehearsal`;
  const made = await makeFolder(place, 0o700);
  if (!made.ok) return made;
  for (const [index, { content }] of edits.entries()) {
    const write = ['sh', '-eu', '-c', 'cat > "$1"', 'sh', `/tmp/rehearsal/edit-${index}`];
    const written = await machine.succeed(act, write, { input: Buffer.from(content ?? []), env: path });
    if (!written.ok) return written;
  }
  const copied = await copyFolder(folder, `${place}/folder`);
  if (!copied.ok) return copied;
  // They may be missing.
  await copyFolder('/etc/mailname', `${place}/mailname`);
  await copyFolder('/etc/portreeve/probes', `${place}/probes`);
  return ok();
}

const lay = `
kill "$(cat /run/exim4/exim.pid)" || true
cd /tmp/rehearsal
rm -rf folder/.git /etc/exim4
cp -a folder /etc/exim4
[ ! -e mailname ] || cp -a mailname /etc/mailname
if [ ! -e probes ]; then
  printf 'accepts postmaster@%s\\nrefuses probe@elsewhere.invalid from probe@elsewhere.invalid\\n' "$(cat /etc/mailname)" > probes
fi
install -d /etc/portreeve
install -m 0644 probes /etc/portreeve/probes
[ -e /etc/exim4/exim4.conf ] || update-exim4.conf
`;
