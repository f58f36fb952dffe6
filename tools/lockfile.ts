// Completes package-lock.json after `npm install` (npm run lock); with --check, only says what is wrong.
//
// Many tools name one optional package for each platform. A registry that lacks some of them (an
// operating system's mirror, a company's proxy) makes npm write a lockfile without these, and then
// refuse that very file in `npm ci`. So every platform package that is named gets an entry. Those that
// the registry lacks have no hash, so none may be for a platform that Portreeve runs on.
//
// Also marks node_modules as installed from this lockfile, so that tools/ready does not do it again.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type LockedPackage = {
  version?: string;
  integrity?: string;
  resolved?: string;
  optional?: boolean;
  dev?: boolean;
  os?: string | string[];
  cpu?: string | string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
};
type Lockfile = { packages: Record<string, LockedPackage> };

const systems = /(?:^|[-/])(darwin|android|win32|windows|freebsd|netbsd|openbsd|sunos|aix|openharmony|linux)/;
const processors = /(arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64|mips64el)/;

/** What its name says that a package is for: `@x/core-linux-arm64-musl` and kin. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | undefined {
  const system = systems.exec(name)?.[1];
  const processor = processors.exec(name)?.[1];
  if (system === undefined || processor === undefined) return undefined;
  const libc = name.endsWith('musl') ? { libc: ['musl'] } : {};
  return { os: [system === 'windows' ? 'win32' : system], cpu: [processor], ...libc };
}

/** The lockfile with an entry for every optional package that another entry names. */
function completed(lockfile: Lockfile): Lockfile {
  const packages: Record<string, LockedPackage> = { ...lockfile.packages };
  for (const [path, parent] of Object.entries(lockfile.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      if (packages[`node_modules/${name}`] !== undefined) continue;
      if (packages[`${path}/node_modules/${name}`] !== undefined) continue;
      const platform = platformOf(name);
      if (platform === undefined || !/^\d/.test(version)) continue;
      // The order of fields and of packages is npm's own, so that its next run changes nothing.
      const { os, cpu, libc } = platform;
      packages[`node_modules/${name}`] = {
        version,
        ...(cpu && { cpu }),
        ...(parent.dev === true && { dev: true }),
        ...(libc && { libc }),
        optional: true,
        ...(os && { os }),
      };
    }
  }
  const sorted = Object.entries(packages).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lockfile, packages: Object.fromEntries(sorted) };
}

/** What is wrong with a lockfile: one line each. */
function flaws(lockfile: Lockfile): string[] {
  const found: string[] = [];
  for (const [path, entry] of Object.entries(lockfile.packages)) {
    if (path === '') continue;
    if (entry.resolved !== undefined)
      found.push(`${path} names a registry: keep .npmrc's omit-lockfile-registry-resolved`);
    if (entry.integrity === undefined && ours(entry)) found.push(`${path} has no integrity hash`);
  }
  for (const path of Object.keys(completed(lockfile).packages)) {
    if (lockfile.packages[path] === undefined) found.push(`${path} is named and has no entry: npm run lock`);
  }
  return found;
}

/** Whether a package may be installed where Portreeve runs: Linux with glibc on x64 or arm64. */
function ours(entry: LockedPackage): boolean {
  const fits = (field: string | string[] | undefined, values: string[]) =>
    field === undefined || [field].flat().some((value) => values.includes(value));
  return fits(entry.os, ['linux']) && fits(entry.cpu, ['x64', 'arm64']) && fits(entry.libc, ['glibc']);
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const path = join(root, 'package-lock.json');
  const lockfile = JSON.parse(readFileSync(path, 'utf8')) as Lockfile;
  const checkOnly = process.argv.includes('--check');
  const found = flaws(checkOnly ? lockfile : complete(root, path, lockfile));
  for (const flaw of found) console.log(flaw);
  console.log(`package-lock.json ${found.length === 0 ? 'is sound' : `has ${found.length} flaws`}`);
  process.exitCode = found.length === 0 ? 0 : 1;
}

function complete(root: string, path: string, lockfile: Lockfile): Lockfile {
  const after = completed(lockfile);
  const text = `${JSON.stringify(after, null, 2)}\n`;
  writeFileSync(path, text);
  const hash = createHash('sha256').update(text).digest('hex');
  if (existsSync(join(root, 'node_modules')))
    writeFileSync(join(root, 'node_modules/.portreeve-lock'), `${hash}\n`);
  return after;
}
