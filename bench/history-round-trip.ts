/**
 * The round trip at length, ours and etckeeper's on the same sequences of random edits:
 * `node bench/history-round-trip.ts [SEQUENCES] [SEED]`. After a sequence both go back to an earlier record;
 * counted are the paths that are then not as they were. Status 1 if one of ours is not.
 *
 * etckeeper has no command for it; what its README tells is done: git puts the content back (untracked
 * files removed), `etckeeper init` the metadata.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { makeChange } from '../src/change/make-change.ts';
import { initRepository } from '../src/history/init-repository.ts';
import { parseReason } from '../src/history/reason.ts';
import { record } from '../src/history/record.ts';
import type { Result } from '../src/base/result.ts';
import { undoTo } from '../src/history/undo.ts';
import { prepareEtckeeper } from './etckeeper.ts';
import { lostPaths, makeEdit, type RandomEdit, randomRounds, treeFacts } from './random-edits.ts';

const sequences = Number(process.argv[2] ?? 500);
const seed = Number(process.argv[3] ?? 20_261_123);
const base = realpathSync(mkdtempSync(join(tmpdir(), 'round-trip-')));
process.env['PORTREEVE_STATE'] = join(base, 'state');
const person = { name: 'alice', email: 'alice@example.test' };
const etckeeper = await prepareEtckeeper();
const counts = {
  paths: 0,
  ours: 0,
  oursSequences: 0,
  etckeeper: 0,
  etckeeperSequences: 0,
  etckeeperFailed: 0,
};

try {
  const samples = fc.sample(fc.tuple(randomRounds, fc.nat()), { numRuns: sequences, seed });
  for (const [index, [rounds, pick]] of samples.entries()) {
    const ours = await oursLost(join(base, `ours-${index}`), rounds, pick);
    const theirs = await theirsLost(join(base, `theirs-${index}`), rounds, pick);
    counts.paths += ours.paths;
    counts.ours += ours.lost.length;
    counts.oursSequences += Math.min(ours.lost.length, 1);
    if (ours.lost.length > 0) console.log(`sequence ${index}: ours lost ${JSON.stringify(ours.lost)}`);
    counts.etckeeper += theirs.lost;
    counts.etckeeperSequences += Math.min(theirs.lost, 1);
    counts.etckeeperFailed += theirs.failed ? 1 : 0;
  }
} finally {
  rmSync(base, { recursive: true });
}
console.log(`${sequences} sequences of random edits, seed ${seed}; ${counts.paths} paths to bring back`);
console.log(`portreeve   ${counts.ours} paths lost or wrong, in ${counts.oursSequences} sequences`);
console.log(
  `etckeeper   ${counts.etckeeper} paths lost or wrong, in ${counts.etckeeperSequences} sequences; in ${counts.etckeeperFailed} it ended with an error`,
);
process.exitCode = counts.ours === 0 ? 0 : 1;

async function oursLost(
  folder: string,
  rounds: readonly (readonly RandomEdit[])[],
  pick: number,
): Promise<{ paths: number; lost: string[] }> {
  mkdirSync(folder);
  const { repository } = value(await initRepository(folder));
  const points: { readonly commit: string; readonly facts: Map<string, string> }[] = [];
  for (const edits of rounds) {
    for (const edit of edits) makeEdit(folder, edit);
    const request = { reason: value(parseReason('edit')), person, at: Date.now(), empty: true };
    points.push({ commit: value(await record(repository, request)).commit, facts: treeFacts(folder) });
  }
  const point = points[pick % points.length];
  if (point === undefined) throw new Error('no rounds');
  const undo = value(await undoTo(repository, point.commit, ['.']));
  value(await makeChange({ folder, reason: 'go back', edits: undo.edits, proofs: [] }));
  return { paths: point.facts.size, lost: lostPaths(point.facts, treeFacts(folder)) };
}

async function theirsLost(
  folder: string,
  rounds: readonly (readonly RandomEdit[])[],
  pick: number,
): Promise<{ lost: number; failed: boolean }> {
  mkdirSync(folder);
  let failed = (await etckeeper.run(folder, 'init')) !== undefined;
  const points: { readonly commit: string; readonly facts: Map<string, string> }[] = [];
  for (const edits of rounds) {
    for (const edit of edits) makeEdit(folder, edit);
    // Where nothing that it sees has changed it says so by a status.
    await etckeeper.run(folder, 'commit', 'edit');
    points.push({ commit: git(folder, 'rev-parse', 'HEAD').trim(), facts: treeFacts(folder) });
  }
  const point = points[pick % points.length];
  if (point === undefined) throw new Error('no rounds');
  try {
    git(folder, 'reset', '--quiet', '--hard', point.commit);
    git(folder, 'clean', '--quiet', '-ffdx');
  } catch {
    failed = true;
  }
  failed = (await etckeeper.run(folder, 'init')) !== undefined || failed;
  return { lost: lostPaths(point.facts, treeFacts(folder)).length, failed };
}

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}
