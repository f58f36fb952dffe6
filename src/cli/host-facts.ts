/** What this host is, as far as taking charge of it goes. Looks, and touches nothing. */
import { ok, type Result } from '../base/result.ts';
import { debianPlaces } from '../exim/debian-places.ts';
import { inspectExim, type InstalledExim } from '../exim/inspect-exim.ts';
import { trackedFolders } from '../history/repository.ts';
import { readAccounts } from '../host/accounts.ts';
import { systemClock } from '../host/clock.ts';
import { exists } from '../host/files.ts';
import { portsInUse } from '../host/ports-in-use.ts';
import { run } from '../host/run.ts';
import { readEnabledRecord } from '../tls/enabled-record.ts';
import { standardPlace } from './standard-place.ts';

export interface HostFacts {
  readonly exim: InstalledExim;
  readonly folder: string;
  readonly isTracked: boolean;
  /** Of the mail ports, those that somebody listens on. */
  readonly ports: readonly number[];
  /** STARTTLS is already by our hand. */
  readonly isEncrypted: boolean;
  readonly hasSettings: boolean;
  readonly settingsFile: string;
  readonly hasUser: boolean;
  readonly hasSystemd: boolean;
  readonly hasNft: boolean;
  /** fail2ban runs here. */
  readonly hasFail2ban: boolean;
  /** Its jails that look at the mail log or guard the mail ports. */
  readonly jails: readonly string[];
  /** /etc is kept by etckeeper. */
  readonly hasEtckeeper: boolean;
  readonly log: string;
  readonly hasLog: boolean;
}

const log = '/var/log/exim4/mainlog';
const fail2banFolder = '/etc/fail2ban';
const mailPorts = [25, 465, 587];

export async function readHostFacts(): Promise<Result<HostFacts>> {
  const exim = await inspectExim('take charge of this host');
  if (!exim.ok) return exim;
  const tracked = await trackedFolders();
  if (!tracked.ok) return tracked;
  const enabled = await readEnabledRecord();
  if (!enabled.ok) return enabled;
  const inUse = await portsInUse();
  const hasFail2ban = await exists('/run/fail2ban/fail2ban.sock');
  const nft = await run(['nft', '--version'], { timeoutMs: 5000 });
  return ok({
    exim: exim.value,
    folder: debianPlaces.folder,
    isTracked: tracked.value.includes(debianPlaces.folder),
    ports: mailPorts.filter((port) => inUse.has(port)),
    isEncrypted: enabled.value !== undefined,
    hasSettings: await exists(standardPlace),
    settingsFile: standardPlace,
    hasUser: (await readAccounts()).groupId('portreeve').ok,
    hasSystemd: await exists('/run/systemd/system'),
    hasNft: nft.ok && nft.value.status === 0,
    hasFail2ban,
    jails: hasFail2ban ? await mailJails() : [],
    hasEtckeeper: await exists('/etc/etckeeper/etckeeper.conf'),
    log,
    hasLog: await exists(log),
  });
}

/** None where fail2ban's configuration cannot be read: its own command says why. */
async function mailJails(): Promise<string[]> {
  const { readJails } = await import('../fail2ban/jail/read-jails.ts');
  const read = await readJails(fail2banFolder, new Date(systemClock.now()).getUTCFullYear());
  if (!read.ok) return [];
  return read.value.jails
    .filter(
      ({ logs, ports }) =>
        logs.includes(log) || (ports !== 'all' && mailPorts.some((port) => ports.includes(port))),
    )
    .map(({ name }) => name);
}
