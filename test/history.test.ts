/**
 * The round trip: whatever was done to a folder, an undo to any earlier record gives the tree of then back,
 * content and metadata. A few sequences here; `node bench/history-round-trip.ts` runs hundreds.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { makeEdit, lostPaths, type RandomEdit, randomRounds, treeFacts } from '../bench/random-edits.ts';
import { fail } from '../src/base/result.ts';
import { makeChange } from '../src/change/make-change.ts';
import { recordChange } from '../src/change/record-change.ts';
import { checkout } from '../src/host/checkout.ts';
import { isRoot } from '../src/host/identity.ts';
import { initRepository } from '../src/history/init-repository.ts';
import { parseReason } from '../src/history/reason.ts';
import { record } from '../src/history/record.ts';
import { undoTo } from '../src/history/undo.ts';
import { succeeded } from './succeeded.ts';
import { nightly } from './each-night.ts';

const skip = isRoot() ? false : 'owners are part of a history, so making one needs root';
const person = { name: 'alice', email: 'alice@example.test' };
const stateBefore = process.env['PORTREEVE_STATE'];
let base = '';

before(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'history-')));
  process.env['PORTREEVE_STATE'] = join(base, 'state');
});
after(() => {
  rmSync(base, { recursive: true });
  if (stateBefore === undefined) delete process.env['PORTREEVE_STATE'];
  else process.env['PORTREEVE_STATE'] = stateBefore;
});

test('undo to any earlier record gives back that tree, content and metadata', {
  skip,
  timeout: 120_000,
}, async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(randomRounds, fc.nat(), fc.nat(), async (rounds, one, two) => {
      run += 1;
      const folder = join(base, `etc-${run}`);
      mkdirSync(folder);
      const { repository } = succeeded(await initRepository(folder));
      const points: { readonly commit: string; readonly facts: Map<string, string> }[] = [];
      for (const edits of rounds) {
        for (const edit of edits) makeEdit(folder, edit);
        const request = { reason: succeeded(parseReason('edit')), person, at: Date.now(), empty: true };
        points.push({
          commit: succeeded(await record(repository, request)).commit,
          facts: treeFacts(folder),
        });
      }
      for (const pick of [one, two]) {
        const point = points[pick % points.length];
        assert.ok(point !== undefined);
        const undo = succeeded(await undoTo(repository, point.commit, ['.']));
        assert.deepEqual(undo.conflicts, []);
        succeeded(await makeChange({ folder, reason: 'go back', edits: undo.edits, proofs: [] }));
        assert.deepEqual(lostPaths(point.facts, treeFacts(folder)), []);
      }
    }),
    { numRuns: nightly ? 25 : 8, interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true },
  );
});

const fifo = (path: string): RandomEdit => ({ verb: 'fifo', path, other: path, number: 0 });

test('an undo whose proof fails puts everything back, whatever kind it was', {
  skip,
  timeout: 200_000,
}, async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(randomRounds, fc.nat(), async (rounds, pick) => {
      run += 1;
      const folder = join(base, `failing-${run}`);
      mkdirSync(folder);
      const { repository } = succeeded(await initRepository(folder));
      const commits: string[] = [];
      for (const edits of rounds) {
        for (const edit of edits) makeEdit(folder, edit);
        const request = { reason: succeeded(parseReason('edit')), person, at: Date.now(), empty: true };
        commits.push(succeeded(await record(repository, request)).commit);
      }
      const wanted = treeFacts(folder);
      const undo = succeeded(await undoTo(repository, commits[pick % commits.length] ?? '', ['.']));
      const proof = { claim: 'never', prove: async () => await Promise.resolve(fail('no', 'it does not')) };
      const clock = { now: () => (ticks += 1_000_000), sleep: async () => await Promise.resolve() };
      const change = { folder, reason: 'go back', edits: undo.edits, proofs: [proof] };
      const made = await makeChange(change, undefined, { clock });
      assert.equal(made.ok, undo.edits.length === 0);
      assert.ok(made.ok || made.problem.kind === 'undone', JSON.stringify(made));
      assert.deepEqual(lostPaths(wanted, treeFacts(folder)), []);
    }),
    {
      numRuns: nightly ? 15 : 5,
      interruptAfterTimeLimit: 150_000,
      markInterruptAsFailure: true,
      // Two names of one fifo, of which both are taken away and put back.
      examples: [[[[fifo('b')], [{ ...fifo('a'), verb: 'link', other: 'b' }]], 0]],
    },
  );
});

test('an undo that is killed half way is repaired by the next record', {
  skip,
  timeout: 100_000,
}, async () => {
  const samples = fc.sample(randomRounds, { numRuns: nightly ? 6 : 3, seed: 7 });
  for (const [index, rounds] of samples.entries()) {
    const folder = join(base, `killed-${index}`);
    mkdirSync(folder);
    const { repository } = succeeded(await initRepository(folder));
    const request = { reason: succeeded(parseReason('edit')), person, at: Date.now(), empty: true };
    const { commit } = succeeded(await record(repository, request));
    for (const edit of rounds.flat()) makeEdit(folder, edit);
    succeeded(await record(repository, request));
    const wanted = treeFacts(folder);
    // Six edits or fewer have that many points between them; the last of them is after all are made.
    const script = `
      import { makeChange } from ${JSON.stringify(`${checkout}/src/change/make-change.ts`)};
      import { undoTo } from ${JSON.stringify(`${checkout}/src/history/undo.ts`)};
      import { openRepository } from ${JSON.stringify(`${checkout}/src/history/repository.ts`)};
      const repository = (await openRepository(${JSON.stringify(folder)})).value;
      const { edits } = (await undoTo(repository, '${commit}', ['.'])).value;
      let seen = 0;
      const reached = (point) => {
        seen += point === 'first edit made' ? 1 : 0;
        if (seen > ${index} || point === 'applied') process.kill(process.pid, 'SIGKILL');
      };
      await makeChange({ folder: ${JSON.stringify(folder)}, reason: 'go back', edits, proofs: [] }, undefined, { reached });`;
    const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    });
    if (wanted.size > 1) assert.equal(child.signal, 'SIGKILL', child.stderr);
    succeeded(await recordChange(folder, request.reason, () => undefined));
    assert.deepEqual(lostPaths(wanted, treeFacts(folder)), [], `sequence ${index}`);
  }
});

let ticks = Date.now();
