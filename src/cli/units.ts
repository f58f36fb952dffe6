/** The systemd units, written from packaging/systemd with the path of this copy, enabled and started; and taken away. */
import { ok, type Result } from '../base/result.ts';
import { checkout } from '../host/checkout.ts';
import { exists, makeFolder, readText, removeAll, writeText } from '../host/files.ts';
import { dirname } from '../host/paths.ts';
import { succeed } from '../host/succeed.ts';

const folder = '/etc/systemd/system';
const names = ['portreeve-recover.service', 'portreeve-keeper.service', 'portreeve.service'] as const;
/** An administrator's own `systemctl edit` comes after it, and stands over it. */
const enforcing = `${folder}/portreeve.service.d/10-enforce.conf`;
const timeoutMs = 120_000;

/** Which files would be written: those that are not there. `enforces`: the agent bans, and does not only observe. */
export async function missingUnits(enforces: boolean): Promise<string[]> {
  const wanted = [...names.map((name) => `${folder}/${name}`), ...(enforces ? [enforcing] : [])];
  const missing: string[] = [];
  for (const path of wanted) if (!(await exists(path))) missing.push(path);
  return missing;
}

/** Writes them, and has all services run as they say. */
export async function installUnits(paths: readonly string[]): Promise<Result<void>> {
  const program = (await exists('/usr/bin/portreeve')) ? '/usr/bin/portreeve' : `${checkout}/bin/portreeve`;
  for (const path of paths) {
    const made = await makeFolder(dirname(path));
    if (!made.ok) return made;
    const text = await textOf(path);
    if (!text.ok) return text;
    const written = await writeText(path, text.value.replaceAll('/usr/bin/portreeve', program));
    if (!written.ok) return written;
  }
  const reloaded = await reload('make systemd read the units');
  if (!reloaded.ok) return reloaded;
  const started = await succeed('start the services', ['systemctl', 'enable', '--now', ...names], {
    timeoutMs,
  });
  if (!started.ok) return started;
  // One that ran before goes on with the old command line until then.
  if (!paths.includes(enforcing)) return ok();
  const again = await succeed('have the agent ban', ['systemctl', 'restart', 'portreeve.service'], {
    timeoutMs,
  });
  return again.ok ? ok() : again;
}

async function textOf(path: string): Promise<Result<string>> {
  if (path === enforcing)
    return ok(
      '# By portreeve up --take-jails: who takes the place of fail2ban has to ban.\n[Service]\nExecStart=\nExecStart=/usr/bin/portreeve agent --firewall nft\n',
    );
  return await readText(`${checkout}/packaging/systemd/${path.slice(path.lastIndexOf('/') + 1)}`);
}

export async function removeUnits(paths: readonly string[]): Promise<Result<void>> {
  // An `up` that broke off may have written only some of them.
  const own: string[] = [];
  for (const path of paths) if (path !== enforcing && (await exists(path))) own.push(nameOf(path));
  if (own.length > 0) {
    const stopped = await succeed('stop the services', ['systemctl', 'disable', '--now', ...own], {
      timeoutMs,
    });
    if (!stopped.ok) return stopped;
  }
  for (const path of paths) {
    const removed = await removeAll(path);
    if (!removed.ok) return removed;
    // What an administrator has put beside it stays.
    if (path === enforcing && (await exists(dirname(path))))
      await succeed('remove the folder', ['rmdir', '--ignore-fail-on-non-empty', dirname(path)]);
  }
  return await reload('make systemd forget the units');
}

async function reload(act: string): Promise<Result<void>> {
  const reloaded = await succeed(act, ['systemctl', 'daemon-reload'], { timeoutMs });
  return reloaded.ok ? ok() : reloaded;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** How to run both where there is no systemd. */
export function byHand(enforces: boolean): readonly string[] {
  const program = `${checkout}/bin/portreeve`;
  const rights =
    '--inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin --bounding-set=-all,+net_admin --no-new-privs';
  return [
    `${program} keeper`,
    `setpriv --reuid=portreeve --regid=portreeve --init-groups ${rights} -- ${program} agent${enforces ? ' --firewall nft' : ''}`,
  ];
}
