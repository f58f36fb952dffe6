/**
 * What recording one changed file costs: plain git, etckeeper and Portreeve, one after another in each round
 * on trees of the same files: `node bench/history.ts [FILES] [ROUNDS]`. Medians, in milliseconds.
 *
 * Ours is measured in this process, as the keeper calls it; the others start as they do for a person.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../src/base/result.ts';
import { findDrift } from '../src/history/drift.ts';
import { initRepository } from '../src/history/init-repository.ts';
import { parseReason } from '../src/history/reason.ts';
import { record } from '../src/history/record.ts';
import { prepareEtckeeper } from './etckeeper.ts';

const files = Number(process.argv[2] ?? 3000);
const rounds = Number(process.argv[3] ?? 15);
const base = realpathSync(mkdtempSync(join(tmpdir(), 'bench-history-')));
process.env['PORTREEVE_STATE'] = join(base, 'state');
const person = { name: 'alice', email: 'alice@example.test' };
const times = new Map<string, number[]>();

try {
  const etckeeper = await prepareEtckeeper();
  const [git, kept, ours] = [join(base, 'git'), join(base, 'kept'), join(base, 'ours')];
  makeTree(git);
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
  for (let round = 0; round < rounds; round += 1) {
    const name = `d${round % 30}/f${round}.conf`;
    for (const folder of [git, kept, ours]) writeFileSync(join(folder, name), `round ${round}\n`);
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
} finally {
  rmSync(base, { recursive: true });
}
console.log(`${files} files, one changed each time; median (and worst) of ${rounds} rounds, milliseconds`);
for (const [name, found] of times) {
  const sorted = found.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  console.log(`${name.padEnd(26)} ${median.toFixed(0).padStart(5)}  (${(sorted.at(-1) ?? 0).toFixed(0)})`);
}

function makeTree(folder: string): void {
  for (let index = 0; index < files; index += 1) {
    const below = join(folder, `d${index % 30}`);
    mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `f${index}.conf`), `# file ${index}\n${'option = value\n'.repeat(index % 60)}`);
  }
}

async function measure(name: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  times.set(name, [...(times.get(name) ?? []), performance.now() - start]);
}

function plainGit(folder: string, ...args: readonly string[]): string {
  const as = ['-c', 'user.name=x', '-c', 'user.email=x@example.test'];
  return execFileSync('git', [...as, ...args], { cwd: folder, encoding: 'utf8' });
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}
