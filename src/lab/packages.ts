/**
 * The Debian packages of the lab, unpacked into the cache and never installed: no maintainer script
 * runs, no service starts, and the host's own mail server stays as it is.
 *
 * apt decides what is missing (it resolves dependencies against what the host has), `apt-get
 * download` fetches that, `dpkg-deb` unpacks it into one tree. exim4-config is always among it,
 * because the lab wants Debian's configuration as shipped, not the host's.
 */
import { sha256 } from '../host/sha256.ts';
import {
  exists,
  listFolder,
  makeFolder,
  modifiedAt,
  moveFile,
  readText,
  removeAll,
  writeText,
} from '../host/files.ts';
import { cacheFolder } from '../host/checkout.ts';
import { run } from '../host/run.ts';
import { succeed } from '../host/succeed.ts';
import { unpackDeb } from '../host/unpack-deb.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { type AptPackage, readAptPlan } from './apt-plan.ts';

export interface Wanted {
  readonly name: string;
  readonly why: string;
}

const always: readonly Wanted[] = [
  { name: 'exim4-daemon-heavy', why: 'the mail server under test' },
  { name: 'exim4-config', why: "Debian's configuration of it, as shipped" },
  { name: 'nftables', why: 'the kernel firewall that bans are written to' },
  { name: 'iproute2', why: 'network namespaces, and the socket table' },
  { name: 'git', why: 'the history of the configuration' },
  { name: 'libatomic1', why: 'the pinned Node needs it' },
  { name: 'openssl', why: 'a second opinion on certificates' },
  { name: 'procps', why: 'to look at processes' },
  { name: 'swaks', why: 'and one on STARTTLS' },
  { name: 'libnet-ssleay-perl', why: 'TLS for swaks' },
];

const onlyForFail2ban: readonly Wanted[] = [{ name: 'fail2ban', why: 'the defence to compare with' }];

const trees = `${cacheFolder}/debian`;

export interface PackageRequest {
  readonly fail2ban: boolean;
  /** Further packages, each with the reason for it. */
  readonly more?: readonly Wanted[];
  /** Told what is about to be fetched, and why. */
  readonly tell: (line: string) => void;
}

/** The folder with the unpacked tree: `usr`, `etc`, `var`, and `lib` and kin as links into `usr`. */
export async function preparePackages(request: PackageRequest): Promise<Result<string>> {
  const wanted = [...always, ...(request.fail2ban ? onlyForFail2ban : []), ...(request.more ?? [])];
  const memo = await memoPath(wanted);
  const remembered = await readText(memo);
  // A name, no path: the checkout may have been moved or copied since.
  const known =
    remembered.ok && /^[0-9a-f]{16}$/.test(remembered.value) ? `${trees}/${remembered.value}` : '';
  if (await exists(known)) return ok(known);
  await sweep();
  const folder = await unpackWith(hostLists, wanted, request.tell);
  // Lists that are missing, or too old for what the archive still has: fetched anew, beside the host's.
  const prepared = folder.ok ? folder : await unpackWith(ownLists, wanted, request.tell);
  if (prepared.ok) await writeText(memo, prepared.value.slice(trees.length + 1));
  return prepared;
}

async function unpackWith(
  lists: () => Promise<Result<readonly string[]>>,
  wanted: readonly Wanted[],
  tell: (line: string) => void,
): Promise<Result<string>> {
  const apt = await lists();
  if (!apt.ok) return apt;
  const packages = await planPackages(wanted, apt.value);
  if (!packages.ok) return packages;
  const key = sha256(packages.value.map(({ name, version }) => `${name}=${version}\n`).join(''));
  const folder = `${trees}/${key.slice(0, 16)}`;
  if (await exists(folder)) return ok(folder);

  tell(`Unpacking ${packages.value.length} Debian packages into ${trees}; none is installed or started:`);
  for (const { name, why } of wanted) {
    if (packages.value.some((found) => found.name === name)) tell(`  ${name.padEnd(20)} ${why}`);
  }
  const making = `${folder}.${process.pid}`;
  const made = await unpackAll(packages.value, apt.value, making);
  const moved = made.ok ? await moveFile(making, folder) : made;
  if (moved.ok) return ok(folder);
  await removeAll(making);
  // Another lab may have been faster; its tree is the same.
  return (await exists(folder)) ? ok(folder) : moved;
}

/** Removes what an unpacking that was killed has left. */
async function sweep(): Promise<void> {
  const found = await listFolder(trees);
  for (const name of found.ok ? found.value : []) {
    const pid = /^[0-9a-f]{16}\.(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !(await exists(`/proc/${pid}`))) await removeAll(`${trees}/${name}`);
  }
}

/** apt's plan holds until the host's packages change: the file that remembers it is named after both. */
async function memoPath(wanted: readonly Wanted[]): Promise<string> {
  const installed = await modifiedAt('/var/lib/dpkg/status');
  const names = wanted.map(({ name }) => name).join(' ');
  return `${cacheFolder}/debian/plan-${sha256(`${names}\n${installed}`).slice(0, 16)}`;
}

/** The options of apt for the host's package lists: none. */
async function hostLists(): Promise<Result<readonly string[]>> {
  return await Promise.resolve(ok([]));
}

/** Fetches package lists into the cache and gives the options that make apt use them. */
async function ownLists(): Promise<Result<readonly string[]>> {
  const lists = `${trees}/lists`;
  const folder = await makeFolder(`${lists}/partial`);
  if (!folder.ok) return folder;
  const apt = ['-o', `Dir::State::Lists=${lists}`, '-o', 'APT::Sandbox::User=root'];
  // Without this an update that reached nobody would count as done.
  const strict = ['-o', 'APT::Update::Error-Mode=any'];
  const updated = await succeed(
    'fetch the lists of Debian packages',
    ['apt-get', ...apt, ...strict, '-qq', 'update'],
    {
      timeoutMs: 300_000,
    },
  );
  if (updated.ok) return ok(apt);
  const hint = 'does this machine reach its Debian archive? with a proxy, set it for apt';
  return { ok: false, problem: { ...updated.problem, hint } };
}

async function planPackages(
  wanted: readonly Wanted[],
  apt: readonly string[],
): Promise<Result<AptPackage[]>> {
  const names = wanted.map(({ name }) => name);
  const hint = `it would unpack ${names.join(', ')} into ${trees}, and install nothing`;
  const ran = await run(['apt-get', ...apt, '-s', '--no-install-recommends', 'install', ...names]);
  if (!ran.ok) {
    return fail(
      'missing',
      `cannot set up the lab: it needs apt-get of Debian or Ubuntu: ${ran.problem.message}`,
      { hint },
    );
  }
  if (ran.value.status !== 0) {
    const words = ran.value.stderr.trim().split('\n').at(-1) ?? '';
    return fail('unavailable', `cannot plan the lab's packages: apt-get says: ${words}`, { hint });
  }
  const packages = readAptPlan(ran.value.stdout);
  if (packages.some(({ name }) => name === 'exim4-config')) return ok(packages);
  const shown = await run(['apt-cache', ...apt, 'policy', 'exim4-config']);
  const version = shown.ok ? /Candidate: (\d\S*)/.exec(shown.value.stdout)?.[1] : undefined;
  return version === undefined
    ? fail('unavailable', 'cannot plan the lab: no exim4-config is known to apt', {
        hint: 'run: apt-get update',
      })
    : ok([...packages, { name: 'exim4-config', version }]);
}

async function unpackAll(
  packages: readonly AptPackage[],
  apt: readonly string[],
  folder: string,
): Promise<Result<void>> {
  const archives = `${folder}/archives`;
  const made = await makeFolder(archives);
  if (!made.ok) return made;
  const fetched = await succeed(
    'fetch the Debian packages of the lab',
    [
      'apt-get',
      ...apt,
      '-qq',
      '-o',
      'APT::Sandbox::User=root',
      'download',
      ...packages.map(({ name, version }) => `${name}=${version}`),
    ],
    { cwd: archives, timeoutMs: 300_000 },
  );
  if (!fetched.ok) return fetched;
  const found = await listFolder(archives);
  if (!found.ok) return found;
  for (const archive of found.value) {
    const unpacked = await unpackDeb(`${archives}/${archive}`, folder);
    if (!unpacked.ok) return unpacked;
  }
  return await removeAll(archives);
}
