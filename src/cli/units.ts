/** The systemd units, written from packaging/systemd with the path of this copy, enabled and started; and taken away. */
import { ok, type Result } from '../base/result.ts';
import { checkout } from '../host/checkout.ts';
import { exists, readText, removeAll, writeText } from '../host/files.ts';
import { succeed } from '../host/succeed.ts';

const folder = '/etc/systemd/system';
const names = ['portreeve-recover.service', 'portreeve-keeper.service', 'portreeve.service'] as const;

/** Those that were not there are written; returns their paths. */
export async function installUnits(): Promise<Result<readonly string[]>> {
  const program = (await exists('/usr/bin/portreeve')) ? '/usr/bin/portreeve' : `${checkout}/bin/portreeve`;
  const written: string[] = [];
  for (const name of names) {
    const path = `${folder}/${name}`;
    if (await exists(path)) continue;
    const unit = await readText(`${checkout}/packaging/systemd/${name}`);
    if (!unit.ok) return unit;
    const made = await writeText(path, unit.value.replaceAll('/usr/bin/portreeve', program));
    if (!made.ok) return made;
    written.push(path);
  }
  const reloaded = await succeed('make systemd read the units', ['systemctl', 'daemon-reload']);
  if (!reloaded.ok) return reloaded;
  const started = await succeed('start the services', ['systemctl', 'enable', '--now', ...names]);
  return started.ok ? ok(written) : started;
}

export async function removeUnits(paths: readonly string[]): Promise<Result<void>> {
  const own = paths.map((path) => path.slice(path.lastIndexOf('/') + 1));
  const stopped = await succeed('stop the services', ['systemctl', 'disable', '--now', ...own]);
  if (!stopped.ok) return stopped;
  for (const path of paths) {
    const removed = await removeAll(path);
    if (!removed.ok) return removed;
  }
  const reloaded = await succeed('make systemd forget the units', ['systemctl', 'daemon-reload']);
  return reloaded.ok ? ok() : reloaded;
}

/** How to run both where there is no systemd. */
export function byHand(): readonly string[] {
  const program = `${checkout}/bin/portreeve`;
  const rights =
    '--inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin --bounding-set=-all,+net_admin --no-new-privs';
  return [
    `${program} keeper`,
    `setpriv --reuid=portreeve --regid=portreeve --init-groups ${rights} -- ${program} agent`,
  ];
}
