/**
 * What recording one changed file costs, and a look at the status: plain git, etckeeper and Portreeve, one
 * after another in each round on the same files: `npm run bench:history -- [ROUNDS]`. Two trees: Debian's
 * /etc/exim4 as shipped, and 3,000 files. Medians, in milliseconds.
 *
 * Ours is measured in this process, as the keeper calls it; the others start as they do for a person.
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../src/base/result.ts';
import { cacheFolder } from '../src/host/checkout.ts';
import { findDrift } from '../src/history/drift.ts';
import { initRepository } from '../src/history/init-repository.ts';
import { parseReason } from '../src/history/reason.ts';
import { record } from '../src/history/record.ts';
import { preparePackages } from '../src/lab/packages.ts';
import { prepareEtckeeper } from './etckeeper.ts';

const rounds = Number(process.argv[2] ?? 15);
const base = realpathSync(mkdtempSync(join(tmpdir(), 'bench-history-')));
process.env['PORTREEVE_STATE'] = join(base, 'state');
const person = { name: 'alice', email: 'alice@example.test' };
const names = [
  'portreeve record',
  'git add -A && git commit',
  'etckeeper commit',
  'portreeve status',
  'git status',
] as const;
type Name = (typeof names)[number];

try {
  mkdirSync(cacheFolder, { recursive: true });
  const etckeeper = await prepareEtckeeper();
  const debian = value(await preparePackages({ fail2ban: false, tell: () => undefined }));
  await compare("Debian's /etc/exim4", join(base, 'exim4'), (folder) => {
    cpSync(join(debian, 'etc/exim4'), folder, { recursive: true });
  });
  await compare('3,000 files', join(base, 'many'), makeTree);

  async function compare(what: string, place: string, make: (folder: string) => void): Promise<void> {
    const [git, kept, ours] = [join(place, 'git'), join(place, 'kept'), join(place, 'ours')];
    mkdirSync(place);
    make(git);
    cpSync(git, kept, { recursive: true });
    cpSync(git, ours, { recursive: true });
    plainGit(git, 'init', '--quiet');
    plainGit(git, 'add', '-A');
    plainGit(git, 'commit', '--quiet', '-m', 'first');
    await etckeeper.run(kept, 'init');
    await etckeeper.run(kept, 'commit', 'first');
    const { repository } = value(await initRepository(ours));
    const reason = value(parseReason('measured'));
    value(await record(repository, { reason, person, at: Date.now() }));
    // Let the first look's files settle: what changed within the last tick is read again.
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    const files = globSync('**/*', { cwd: git, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(git.length + 1))
      .toSorted();
    const times = new Map<Name, number[]>(names.map((name) => [name, []]));
    const measure = async (name: Name, work: () => Promise<unknown>): Promise<void> => {
      const start = performance.now();
      await work();
      times.get(name)?.push(performance.now() - start);
    };
    for (let round = 0; round < rounds; round += 1) {
      const path = files[(round * 7) % files.length] ?? '';
      for (const folder of [git, kept, ours]) appendFileSync(join(folder, path), `# round ${round}\n`);
      await measure('git add -A && git commit', async () => {
        plainGit(git, 'add', '-A');
        await Promise.resolve(plainGit(git, 'commit', '--quiet', '-m', 'measured'));
      });
      await measure('etckeeper commit', async () => await etckeeper.run(kept, 'commit', 'measured'));
      await measure('portreeve record', async () =>
        value(await record(repository, { reason, person, at: Date.now() })),
      );
      await measure('git status', async () => await Promise.resolve(plainGit(git, 'status', '--porcelain')));
      await measure('portreeve status', async () => value(await findDrift(repository)));
    }
    console.log(`${what}: ${files.length} files, one changed each time; median (worst) of ${rounds}, ms`);
    for (const [name, found] of times) {
      const sorted = found.toSorted((a, b) => a - b);
      const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
      console.log(
        `  ${name.padEnd(26)} ${median.toFixed(0).padStart(5)}  (${(sorted.at(-1) ?? 0).toFixed(0)})`,
      );
    }
  }
} finally {
  rmSync(base, { recursive: true });
}

function makeTree(folder: string): void {
  for (let index = 0; index < 3000; index += 1) {
    const below = join(folder, `d${index % 30}`);
    mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `f${index}.conf`), `# file ${index}\n${'option = value\n'.repeat(index % 60)}`);
  }
}

function plainGit(folder: string, ...args: readonly string[]): string {
  const as = ['-c', 'user.name=x', '-c', 'user.email=x@example.test'];
  return execFileSync('git', [...as, ...args], { cwd: folder, encoding: 'utf8' });
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}
