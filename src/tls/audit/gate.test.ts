import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../host/clock.ts';
import { type Entry, Gate, type Wanted } from './gate.ts';
import type { PaceSettings } from './pace.ts';

function gateOf(pace: Partial<PaceSettings> = {}): {
  gate: Gate<string>;
  ended: string[];
  stop: AbortController;
} {
  const ended: string[] = [];
  const stop = new AbortController();
  const gate = new Gate<string>({
    // A millisecond, which a clock that counts from 1970 can tell exactly.
    pace: { most: 4, perSecond: 1000, lingerMs: 0, ...pace },
    clock: systemClock,
    deadline: stop.signal,
    end: async (kept) => {
      ended.push(kept);
      await Promise.resolve();
    },
  });
  return { gate, ended, stop };
}

/** `waiting` where nobody has been let in by now. */
async function now(entry: Promise<Entry<string> | undefined>): Promise<string> {
  const found = await Promise.race([entry, systemClock.sleep(20).then(() => 'waiting' as const)]);
  return found === 'waiting' ? 'waiting' : found === undefined ? 'time is up' : (found.kept ?? 'opened');
}

test('a kept connection goes to whoever takes any', async () => {
  const { gate, ended } = gateOf();
  gate.keepConnections();
  assert.equal(await now(gate.enter('any')), 'opened');
  gate.keep('first');
  assert.equal(await now(gate.enter('new')), 'opened');
  assert.equal(await now(gate.enter('any')), 'first');
  assert.deepEqual([gate.counts.connections, gate.counts.most, ended], [2, 2, []]);
});

test('it is ended where the slot is needed by one who must have its own', async () => {
  const { gate, ended } = gateOf({ most: 1 });
  assert.equal(await now(gate.enter('any')), 'opened');
  const waits = gate.enter('new');
  assert.equal(await now(waits), 'waiting');
  gate.keep('first');
  assert.equal(await now(waits), 'waiting');
  assert.deepEqual(ended, []);
  assert.notEqual(await waits, undefined);
  assert.deepEqual(ended, ['first']);
  assert.equal(gate.counts.most, 1);
});

test('at most half of the slots go on being reused', async () => {
  const { gate } = gateOf();
  gate.keepConnections();
  const wanted: Wanted[] = ['any', 'any', 'any', 'new', 'new', 'new'];
  const entries = wanted.map(async (each) => await gate.enter(each));
  const states = await Promise.all(entries.map(now));
  assert.deepEqual(states, ['opened', 'opened', 'waiting', 'opened', 'opened', 'waiting']);
  gate.keep('second');
  assert.equal(await now(entries[2] ?? Promise.resolve(undefined)), 'second');
  gate.leave('clean', 'new');
  assert.equal(await now(entries[5] ?? Promise.resolve(undefined)), 'opened');
  assert.equal(gate.counts.most, 4);
});

test('up to a quarter of the slots it comes first', async () => {
  const { gate } = gateOf({ most: 4 });
  gate.keepConnections();
  for (let opened = 0; opened < 4; opened += 1) assert.equal(await now(gate.enter('new')), 'opened');
  const own = gate.enter('new');
  const any = gate.enter('any');
  gate.leave('clean', 'new');
  assert.deepEqual([await now(own), await now(any)], ['waiting', 'opened']);
});

test('the slot of one that is used up waits for the next', async () => {
  const { gate } = gateOf({ most: 4 });
  gate.keepConnections();
  const first = (['any', 'new', 'new', 'new'] as const).map(async (each) => await gate.enter(each));
  assert.deepEqual(await Promise.all(first.map(now)), ['opened', 'opened', 'opened', 'opened']);
  const waits = gate.enter('new');
  gate.leave('clean', 'any');
  assert.equal(await now(waits), 'waiting');
  assert.equal(await now(gate.enter('any')), 'opened');
  gate.leave('clean', 'any');
  // Nobody comes.
  assert.notEqual(await waits, undefined);
  assert.equal(gate.counts.most, 4);
});

test('one that was broken off is waited for; then time is up', async () => {
  const { gate, stop } = gateOf({ most: 1, lingerMs: 60 });
  assert.equal(await now(gate.enter()), 'opened');
  gate.leave('broken-off');
  const next = gate.enter();
  assert.equal(await now(next), 'waiting');
  assert.notEqual(await next, undefined);
  const last = gate.enter();
  stop.abort();
  assert.equal(await now(last), 'time is up');
  assert.equal(await now(gate.enter()), 'time is up');
});

test('what is still kept at the end is ended', async () => {
  const { gate, ended } = gateOf();
  await gate.enter('any');
  gate.keep('first');
  await gate.close();
  assert.deepEqual(ended, ['first']);
});
