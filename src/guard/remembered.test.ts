import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Address } from '../base/address.ts';
import { Allowlist } from './allowlist.ts';
import { Guard } from './guard.ts';
import type { Remembered } from './remembered.ts';
import { defaultRules } from './rule.ts';
import { Tally } from './tally.ts';

const start = 1_800_000_000_000;
const key = [1, 2] as const;

function fresh(): Guard {
  return new Guard(new Tally(defaultRules, 50, { key }), new Allowlist([]));
}

const sightings = fc.array(
  fc.record({
    kind: fc.constantFrom('credential', 'relay', 'harvest', 'protocol', 'turned-away'),
    who: fc.integer({ min: 1, max: 9 }),
    login: fc.integer({ min: 0, max: 3 }),
    later: fc.integer({ min: 0, max: 60_000 }),
  }),
  { maxLength: 120 },
);

/** What a guard decides that is interrupted after so many sightings, and goes on from what was kept. */
function decide(
  all: readonly { kind: string; who: number; login: number; later: number }[],
  interrupted: number,
): unknown[] {
  let guard = fresh();
  let now = start;
  const kept = new Map<string, Remembered>();
  const bans: { target: string; until: number; offences: number }[] = [];
  return all.map(({ kind, who, login, later }, place) => {
    if (place === interrupted) {
      for (const one of guard.changed()) kept.set(`${one.kind} ${one.key}`, one);
      guard = fresh();
      for (const { target, until, offences } of bans) guard.restore(target, until, offences);
      for (const one of kept.values()) guard.remember(one);
    }
    now += later;
    const address = (who % 2 === 0 ? `2001:db8::${who}` : `198.18.0.${who}`) as Address;
    const { verdict, alert } = guard.weigh(
      { kind: kind as 'relay', address, line: `line ${place}`, subject: `user${login}` },
      now,
    );
    if (verdict === undefined) return alert;
    const { rule, network, bantime } = verdict;
    for (const target of [address, ...(network === undefined ? [] : [network])])
      bans.push({ target, until: now + bantime, offences: guard.offences(target, now) });
    return [rule, address, network, bantime, alert];
  });
}

test('a guard that is interrupted decides as one that is not', () => {
  fc.assert(
    fc.property(sightings, fc.integer({ min: 0, max: 120 }), (all, interrupted) => {
      assert.deepEqual(decide(all, interrupted), decide(all, -1));
    }),
    { numRuns: 60 },
  );
});

test('what is settled is not told of again', () => {
  const guard = fresh();
  guard.weigh({ kind: 'relay', address: '198.18.0.1' as Address, line: '' }, start);
  assert.equal([...guard.changed()].length, 1);
  assert.equal([...guard.changed()].length, 1, 'until it is');
  guard.settle();
  assert.deepEqual([...guard.changed()], []);
});
