import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DrillObservation, figuresOf } from './figures.ts';

const base: DrillObservation = {
  defence: 'portreeve',
  seconds: 30,
  seed: 7,
  bots: [
    { kind: 'hold', network: '198.18.0.11' },
    { kind: 'hold', network: '198.18.0.12' },
    { kind: 'relay', network: '198.18.0.13' },
    { kind: 'spread', network: '2001:db8:bad:64::/64' },
  ],
  senders: [
    { address: '198.19.0.11', isKnown: false },
    { address: '198.19.0.12', isKnown: true },
  ],
  nat: '198.19.0.250',
  natSays: ['It is not banned.'],
  natGuesses: 12,
  begun: 1000,
  ended: 31_000,
  events: [
    { type: 'attempted', sender: '198.19.0.11', id: 'a', at: 1000 },
    { type: 'refused', sender: '198.19.0.11', id: 'a', at: 1100, why: '421' },
    { type: 'attempted', sender: '198.19.0.12', id: 'b', at: 2000 },
    { type: 'accepted', sender: '198.19.0.12', id: 'b', at: 2200, delayMs: 200 },
    { type: 'accepted', sender: '198.19.0.11', id: 'a', at: 4100, delayMs: 3100 },
    { type: 'attempted', sender: '198.19.0.11', id: 'c', at: 5000 },
    { type: 'attempted', sender: '198.19.0.250', id: 'd', at: 5000 },
    { type: 'refused', sender: '198.19.0.250', id: 'd', at: 30_900, why: 'no answer' },
  ],
  delivered: new Set(['a', 'b', 'not ours']),
  bans: [
    { address: '198.18.0.11', at: 1500 },
    { address: '198.18.0.13', at: 1300 },
    { address: '198.18.0.13', at: 9000 },
    { address: '203.0.113.9', at: 9500 },
    { address: '198.19.0.250', at: 9600 },
    { address: '2001:db8:bad:64:1:2:3:4', at: 9700 },
  ],
  usage: { cpuSeconds: 1.234_5, rssMiB: 99.96 },
};

test('figuresOf() counts what was seen', () => {
  assert.deepEqual(figuresOf(base), {
    defence: 'portreeve',
    seconds: 30,
    seed: 7,
    bots: 4,
    senders: 2,
    botsByKind: { hold: 2, relay: 1, spread: 1 },
    attempted: 3,
    delivered: 2,
    delaySeconds: { median: 0.2, p95: 3.1 },
    known: { senders: 1, attempted: 1, delivered: 1, delaySeconds: { median: 0.2, p95: 0.2 } },
    unknown: { senders: 1, attempted: 2, delivered: 1, delaySeconds: { median: 3.1, p95: 3.1 } },
    nat: {
      senders: 1,
      attempted: 1,
      delivered: 0,
      delaySeconds: { median: null, p95: null },
      bans: 1,
      guesses: 12,
      says: ['It is not banned.'],
    },
    recoverySeconds: 1.2,
    banned: { bots: 2, senders: 0, botsByKind: { hold: 1, relay: 1 }, others: 1 },
    firstBanMs: 300,
    cpuSeconds: 1.23,
    rssMiB: 100,
  });
});

test('figuresOf() counts a bot of many addresses as banned when its network is', () => {
  const ban = { address: '2001:db8:bad:64:1:2:3:4', network: '2001:db8:bad:64::/64', at: 9000 };
  const { banned } = figuresOf({ ...base, bans: [ban] });
  assert.deepEqual(banned, { bots: 1, senders: 0, botsByKind: { spread: 1 }, others: 0 });
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
