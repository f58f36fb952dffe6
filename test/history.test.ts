/**
 * The round trip: whatever was done to a folder, an undo to any earlier record gives the tree of then back,
 * content and metadata. A few sequences here; `node bench/history-round-trip.ts` runs hundreds.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { makeEdit, lostPaths, randomRounds, treeFacts } from '../bench/random-edits.ts';
import { makeChange } from '../src/change/make-change.ts';
import { isRoot } from '../src/host/identity.ts';
import { initRepository } from '../src/history/init-repository.ts';
import { parseReason } from '../src/history/reason.ts';
import { record } from '../src/history/record.ts';
import { undoTo } from '../src/history/undo.ts';
import { succeeded } from './succeeded.ts';

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
    { numRuns: 25, interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true },
  );
});
