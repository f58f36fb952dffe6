/** What this host is, as far as taking charge of it goes. Looks, and touches nothing. */
import { testOwnPort } from '../agent/test-own-port.ts';
import { ok, type Result } from '../base/result.ts';
import { readDebianConfiguration } from '../exim/debian-configuration.ts';
import { debianPlaces } from '../exim/debian-places.ts';
import { inspectExim, type InstalledExim } from '../exim/inspect-exim.ts';
import { runExim } from '../exim/run-exim.ts';
import { trackedFolders } from '../history/repository.ts';
import { readAccounts } from '../host/accounts.ts';
import { systemResolver } from '../host/ask-dns.ts';
import { systemClock } from '../host/clock.ts';
import { exists } from '../host/files.ts';
import { ownAddresses } from '../host/own-addresses.ts';
import { portsInUse } from '../host/ports-in-use.ts';
import { run } from '../host/run.ts';
import { systemRoots } from '../host/system-roots.ts';
import { portLine } from '../server/judge-overview.ts';
import { readEnabledRecord } from '../tls/enabled-record.ts';
import { findReusablePairs } from '../tls/source/reusable-pairs.ts';
import { fail2banService, type StoppedFail2ban } from './fail2ban-service.ts';
import { firewallInUse } from './firewall-in-use.ts';
import { standardPlace } from './standard-place.ts';

export interface HostFacts {
  readonly exim: InstalledExim;
  readonly folder: string;
  /** How Debian's configuration is laid out; undefined where it is not Debian's. */
  readonly layout: string | undefined;
  readonly isTracked: boolean;
  /** Of the mail ports, those that somebody listens on. */
  readonly ports: readonly number[];
  /** What a client meets on them, a line each. */
  readonly seen: readonly string[];
  /** Certificates that this host has already, a line each. */
  readonly certificates: readonly string[];
  /** The name server that it asks. */
  readonly resolver: string | undefined;
  /** What filters packets already. */
  readonly firewalls: readonly string[];
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
  /** Enabled jails that the agent cannot run. */
  readonly jailsLeft: readonly string[];
  /** fail2ban as systemd runs it. */
  readonly fail2ban: StoppedFail2ban | undefined;
  /** /etc is kept by etckeeper. */
  readonly hasEtckeeper: boolean;
  readonly log: string;
  readonly hasLog: boolean;
  /** Where Exim says that it logs, and what besides the usual (log_file_path, log_selector). */
  readonly logging: string;
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
  const ports = mailPorts.filter((port) => inUse.has(port));
  const hasFail2ban = await exists('/run/fail2ban/fail2ban.sock');
  const hasSystemd = await exists('/run/systemd/system');
  const nft = await run(['nft', '--version'], { timeoutMs: 5000 });
  const configuration = await readDebianConfiguration(debianPlaces.folder);
  const resolver = systemResolver();
  return ok({
    exim: exim.value,
    folder: debianPlaces.folder,
    layout: configuration.ok ? layouts[configuration.value.layout] : undefined,
    isTracked: tracked.value.includes(debianPlaces.folder),
    ports,
    seen: await seenOn(ports, exim.value.hostName),
    certificates: await reusable(),
    resolver: resolver?.host,
    firewalls: await firewallInUse(),
    isEncrypted: enabled.value !== undefined,
    hasSettings: await exists(standardPlace),
    settingsFile: standardPlace,
    hasUser: (await readAccounts()).groupId('portreeve').ok,
    hasSystemd,
    hasNft: nft.ok && nft.value.status === 0,
    hasFail2ban,
    ...(hasFail2ban ? await mailJails() : { jails: [], jailsLeft: [] }),
    fail2ban: hasFail2ban && hasSystemd ? await fail2banService() : undefined,
    hasEtckeeper: await exists('/etc/etckeeper/etckeeper.conf'),
    log,
    hasLog: await exists(log),
    logging: await logging(),
  });
}

const layouts = {
  unsplit: 'one template',
  split: 'the folder conf.d',
  plain: 'exim4.conf, written by hand',
} as const;

/** From an address that the world may use too, where there is one. */
async function seenOn(ports: readonly number[], name: string): Promise<string[]> {
  const outward = ownAddresses().find((address) => /^\d/.test(address) && !address.startsWith('127.'));
  const roots = systemRoots();
  const lines: string[] = [];
  for (const port of ports) {
    const report = await testOwnPort({ host: outward ?? '127.0.0.1', port, name, roots, clock: systemClock });
    lines.push(portLine(report, report.at));
  }
  return lines;
}

async function reusable(): Promise<string[]> {
  const { usable } = await findReusablePairs();
  return usable.map(
    ({ owner, cert, leaf }) =>
      `${owner}: ${cert}, for ${leaf.names.slice(0, 5).join(', ')}, until ${new Date(leaf.notAfter).toISOString().slice(0, 10)}`,
  );
}

/** In Exim's own words; empty where it does not tell. */
async function logging(): Promise<string> {
  const told = await runExim(['exim4', '-bP', 'log_file_path', 'log_selector']);
  if (!told.ok) return '';
  return told.value.stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => / = \S/.test(line))
    .join(', ');
}

/** None where fail2ban's configuration cannot be read: its own command says why. */
async function mailJails(): Promise<Pick<HostFacts, 'jails' | 'jailsLeft'>> {
  const { readJails } = await import('../fail2ban/jail/read-jails.ts');
  const read = await readJails(fail2banFolder, new Date(systemClock.now()).getUTCFullYear());
  if (!read.ok) return { jails: [], jailsLeft: [] };
  const forMail = read.value.jails.filter(
    ({ logs, ports }) =>
      logs.includes(log) || (ports !== 'all' && mailPorts.some((port) => ports.includes(port))),
  );
  return {
    jails: forMail.map(({ name }) => name),
    jailsLeft: read.value.problems.map(({ jail }) => jail),
  };
}
