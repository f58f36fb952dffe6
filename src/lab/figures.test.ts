import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DrillObservation, figuresOf } from './figures.ts';

const base: DrillObservation = {
  defence: 'portreeve',
  seconds: 30,
  seed: 7,
  bots: new Map([
    ['198.18.0.11', 'hold'],
    ['198.18.0.12', 'hold'],
    ['198.18.0.13', 'relay'],
  ]),
  senders: ['198.19.0.11', '198.19.0.12'],
  begun: 1000,
  ended: 31_000,
  events: [
    { type: 'attempted', sender: '198.19.0.11', id: 'a', at: 1000 },
    { type: 'refused', sender: '198.19.0.11', id: 'a', at: 1100, why: '421' },
    { type: 'attempted', sender: '198.19.0.12', id: 'b', at: 2000 },
    { type: 'accepted', sender: '198.19.0.12', id: 'b', at: 2200, delayMs: 200 },
    { type: 'accepted', sender: '198.19.0.11', id: 'a', at: 4100, delayMs: 3100 },
    { type: 'attempted', sender: '198.19.0.11', id: 'c', at: 5000 },
  ],
  delivered: new Set(['a', 'b', 'not ours']),
  bans: [
    { address: '198.18.0.11', at: 1500 },
    { address: '198.18.0.13', at: 1300 },
    { address: '198.18.0.13', at: 9000 },
    { address: '203.0.113.9', at: 9500 },
  ],
  usage: { cpuSeconds: 1.234_5, rssMiB: 99.96 },
};

test('figuresOf() counts what was seen', () => {
  assert.deepEqual(figuresOf(base), {
    defence: 'portreeve',
    seconds: 30,
    seed: 7,
    bots: 3,
    senders: 2,
    botsByKind: { hold: 2, relay: 1 },
    attempted: 3,
    delivered: 2,
    delaySeconds: { median: 0.2, p95: 3.1 },
    recoverySeconds: 1.2,
    banned: { bots: 2, senders: 0, botsByKind: { hold: 1, relay: 1 }, others: 1 },
    firstBanMs: 300,
    cpuSeconds: 1.23,
    rssMiB: 100,
  });
});

test('figuresOf() says never where mail never came back', () => {
  const figures = figuresOf({
    ...base,
    events: [...base.events, { type: 'refused', sender: '198.19.0.11', id: 'c', at: 30_500, why: '421' }],
    bans: [{ address: '198.19.0.12', at: 2000 }],
  });
  assert.equal(figures.recoverySeconds, null);
  assert.deepEqual(figures.banned, { bots: 0, senders: 1, botsByKind: {}, others: 0 });
});

test('figuresOf() of a run in which nothing happened', () => {
  const figures = figuresOf({ ...base, events: [], bans: [], delivered: new Set() });
  assert.deepEqual(figures.delaySeconds, { median: null, p95: null });
  assert.equal(figures.recoverySeconds, 0);
  assert.equal(figures.firstBanMs, null);
});
