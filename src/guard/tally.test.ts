import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import { defaultRules } from './rule.ts';
import type { Sighting } from './sighting.ts';
import type { SightingKind } from './sighting-kind.ts';
import { Tally } from './tally.ts';

const peer = '198.18.0.11' as Address;

function sighting(kind: SightingKind, more: Partial<Sighting> = {}): Sighting {
  return { kind, address: peer, line: `${kind} line`, ...more };
}

test('Tally.see() gives a verdict when the measure is full, with its evidence', () => {
  const tally = new Tally(defaultRules, 1000);
  assert.equal(tally.see(sighting('relay', { line: 'one' }), 0), undefined);
  assert.equal(tally.see(sighting('relay', { line: 'two' }), 1000), undefined);
  const verdict = tally.see(sighting('relay', { line: 'three' }), 2000);
  assert.deepEqual(verdict, {
    address: peer,
    rule: 'relay',
    bantime: defaultRules.relay.bantime,
    evidence: ['one', 'two', 'three'],
  });
});

test('Tally.see() forgets what is older than findtime', () => {
  const tally = new Tally(defaultRules, 1000);
  const step = defaultRules.relay.findtime / 2;
  for (let count = 0; count < 20; count += 1) {
    assert.equal(tally.see(sighting('relay'), count * step), undefined);
  }
});

test('Tally.see() has patience with a mail client that repeats an old password', () => {
  const tally = new Tally(defaultRules, 1000);
  const minute = 60_000;
  for (let count = 0; count < 1000; count += 1) {
    assert.equal(tally.see(sighting('credential', { subject: 'alice' }), count * minute), undefined);
  }
});

test('Tally.see() finds who guesses at many logins, and who never stops at one', () => {
  for (const [why, subjects, expected] of [
    ['many logins', ['a', 'b', 'c', 'd', 'e'], 4],
    ['one login, over and over', Array.from({ length: 30 }, () => 'alice'), 16],
    ['no login told', Array.from({ length: 10 }, () => undefined), 4],
  ] as const) {
    const tally = new Tally(defaultRules, 1000);
    const verdicts = subjects.map((subject, at) =>
      tally.see(sighting('credential', subject === undefined ? {} : { subject }), at),
    );
    assert.equal(
      verdicts.findIndex((verdict) => verdict !== undefined),
      expected,
      why,
    );
  }
});

test('Tally.see() does not ban a mail server that retries each three seconds', () => {
  const tally = new Tally(defaultRules, 1000);
  for (let at = 0; at < 3_600_000; at += 3000) {
    assert.equal(tally.see(sighting('turned-away'), at), undefined);
  }
});

test('Tally.see() does not ban a mail server for many connections at one moment', () => {
  const tally = new Tally(defaultRules, 1000);
  for (let count = 0; count < 100; count += 1) {
    assert.equal(tally.see(sighting('turned-away'), count * 4), undefined);
  }
  // A log tells whole seconds, and a burst may fall on two of them.
  for (let count = 0; count < 100; count += 1) {
    const at = 60_000 + (count < 50 ? 0 : 1000);
    assert.equal(tally.see(sighting('turned-away'), at), undefined);
  }
});

test('Tally.see() finds who hammers at a full server', () => {
  const tally = new Tally(defaultRules, 1000);
  const verdicts = Array.from({ length: 8 }, (_, count) => tally.see(sighting('turned-away'), count * 600));
  assert.equal(
    verdicts.findIndex((verdict) => verdict !== undefined),
    3,
  );
});

test('Tally.see() goes on counting when the clock jumps back', () => {
  const tally = new Tally(defaultRules, 1000);
  tally.see(sighting('turned-away'), 3_600_000);
  const verdicts = Array.from({ length: 8 }, (_, count) => tally.see(sighting('turned-away'), count * 600));
  assert.ok(verdicts.some((verdict) => verdict !== undefined));
});

test('Tally.see() keeps kinds and addresses apart', () => {
  const tally = new Tally(defaultRules, 1000);
  for (const kind of ['relay', 'relay', 'protocol', 'protocol', 'protocol', 'flood', 'flood'] as const) {
    assert.equal(tally.see(sighting(kind), 0), undefined);
  }
  assert.equal(tally.see(sighting('relay', { address: '198.18.0.12' as Address }), 0), undefined);
});

test('Tally holds a bounded number of addresses, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { maxLength: 2000 }), (hosts) => {
      const tally = new Tally(defaultRules, 100);
      for (const host of hosts) tally.see(sighting('harvest', { address: `10.0.0.${host}` as Address }), 0);
      assert.ok(tally.size <= 100);
    }),
  );
});

test('Tally.see() never bans below maxretry, always at it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 }),
      (maxretry, gaps) => {
        const rule = { maxretry, findtime: 5000 as Duration, bantime: 60_000 as Duration };
        const tally = new Tally({ ...defaultRules, flood: rule }, 100);
        let now = 0;
        let recent: number[] = [];
        for (const gap of gaps) {
          now += gap;
          recent = [...recent.filter((at) => now - at < 5000), now];
          const verdict = tally.see(sighting('flood'), now);
          assert.equal(verdict !== undefined, recent.length >= maxretry);
          if (verdict !== undefined) recent = [];
        }
      },
    ),
  );
});
