// The compact tally against a model that keeps everything in plain lists.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import { defaultRules, defaultScore, type Rules, type ScoreRule } from './rule.ts';
import type { Sighting } from './sighting.ts';
import { type SightingKind, sightingKinds } from './sighting-kind.ts';
import { Tally } from './tally.ts';
import type { Verdict } from './verdict.ts';

interface Seen {
  readonly kind: SightingKind;
  readonly at: number;
  readonly line: string;
  readonly subject: string | undefined;
  readonly weight: number;
}

class Model {
  readonly #rules: Rules;
  readonly #score: ScoreRule;
  readonly #peers = new Map<Address, { seen: Seen[]; score: number; at: number }>();

  constructor(rules: Rules, score: ScoreRule) {
    this.#rules = rules;
    this.#score = score;
  }

  see({ address, kind, line, subject }: Sighting, now: number, patience: number): Verdict | undefined {
    const rule = this.#rules[kind];
    const peer = this.#peers.get(address) ?? { seen: [], score: 0, at: now };
    this.#peers.set(address, peer);
    peer.seen = peer.seen.filter((one) => now - one.at < this.#rules[one.kind].findtime);
    const alike = peer.seen.filter((one) => one.kind === kind);
    const since = now - (alike.at(-1)?.at ?? Number.NEGATIVE_INFINITY);
    let weight = 1;
    if (subject !== undefined && alike.some((one) => one.subject === subject)) weight = rule.repetition ?? 1;
    const { apart = 0 } = rule;
    const sinceSeveral =
      now - (alike.at(-Math.ceil(1000 / Math.max(1, apart)))?.at ?? Number.NEGATIVE_INFINITY);
    const isMany = apart > 0 && sinceSeveral >= 0 && sinceSeveral <= 1000;
    if (apart >= 1000 ? since >= 0 && since < apart : isMany) weight = 0;
    if (weight > 0) peer.seen.push({ kind, at: now, line, subject, weight });
    peer.score *= 2 ** (-Math.max(0, now - peer.at) / this.#score.halfLife);
    peer.score += weight * (rule.weight ?? 0);
    peer.at = now;
    const measured = peer.seen.filter((one) => one.kind === kind);
    if (measured.reduce((sum, one) => sum + one.weight, 0) >= rule.maxretry * patience) {
      peer.seen = peer.seen.filter((one) => one.kind !== kind);
      peer.score = 0;
      const name = kind === 'turned-away' ? 'hammering' : kind;
      return { address, rule: name, bantime: rule.bantime, evidence: lines(measured) };
    }
    if (peer.score < this.#score.threshold * patience) return undefined;
    const evidence = lines(peer.seen);
    peer.seen = [];
    peer.score = 0;
    return { address, rule: 'score', bantime: this.#score.bantime, evidence };
  }
}

function lines(seen: readonly Seen[]): string[] {
  return seen.slice(-20).map(({ line }) => line);
}

const rules = fc
  .array(
    fc.record({
      maxretry: fc.integer({ min: 1, max: 8 }),
      findtime: fc.integer({ min: 1000, max: 20_000 }).map((ms) => ms as Duration),
      bantime: fc.constant(60_000 as Duration),
      repetition: fc.constantFrom(0.25, 0.5, 1),
      apart: fc.constantFrom(0, 200, 1500).map((ms) => ms as Duration),
      weight: fc.nat(30),
    }),
    { minLength: sightingKinds.length, maxLength: sightingKinds.length },
  )
  .map(
    (list) => Object.fromEntries(sightingKinds.map((kind, place) => [kind, list[place]])) as unknown as Rules,
  );

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(...sightingKinds),
    host: fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8::2') as fc.Arbitrary<Address>,
    subject: fc.constantFrom(undefined, 'alice', 'bob', 'carol'),
    // Now and then the clock jumps back.
    gap: fc.oneof(
      { weight: 20, arbitrary: fc.nat(1200) },
      { weight: 1, arbitrary: fc.integer({ min: -20_000, max: 0 }) },
    ),
    patience: fc.constantFrom(1, 1, 2),
  }),
  { minLength: 1, maxLength: 120 },
);

test('Tally gives the verdicts of the model, evidence and all', () => {
  let verdicts = 0;
  let byScore = 0;
  fc.assert(
    fc.property(rules, steps, (made, list) => {
      const score = { threshold: 60, halfLife: 5000 as Duration, bantime: 9000 as Duration };
      const tally = new Tally(made, 16, { score });
      const model = new Model(made, score);
      let now = 1_000_000;
      for (const [number, { kind, host, subject, gap, patience }] of list.entries()) {
        now += gap;
        const sighting = {
          kind,
          address: host,
          line: `line ${number}`,
          ...(subject === undefined ? {} : { subject }),
        };
        const expected = model.see(sighting, now, patience);
        assert.deepEqual(tally.see(sighting, now, patience), expected);
        if (expected !== undefined) verdicts += 1;
        if (expected?.rule === 'score') byScore += 1;
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(
    verdicts > 100 && byScore > 5,
    `only ${verdicts} verdicts, ${byScore} by score: nothing was compared`,
  );
});

test('Tally.see() never convicts by score who keeps one kind below its measure', () => {
  for (const kind of sightingKinds) {
    const { maxretry, findtime } = defaultRules[kind];
    fc.assert(
      fc.property(fc.array(fc.nat(findtime), { maxLength: 150 }), (gaps) => {
        const tally = new Tally(defaultRules, 4);
        let now = 0;
        let recent: number[] = [];
        for (const gap of gaps) {
          now += gap;
          recent = recent.filter((at) => now - at < findtime);
          if (recent.length >= maxretry - 1) continue;
          recent.push(now);
          assert.equal(tally.see({ kind, address: '192.0.2.1' as Address, line: '' }, now), undefined);
        }
      }),
    );
  }
});

test('Tally.see() convicts who tries a bit of everything', () => {
  const tally = new Tally(defaultRules, 4);
  const kinds = [
    ...(['relay', 'credential', 'protocol', 'relay', 'credential'] as const),
    ...(['protocol', 'credential', 'protocol', 'credential', 'protocol'] as const),
  ];
  const verdicts = Array.from({ length: 10 }, (_, place) => {
    const kind = kinds[place % kinds.length] ?? 'relay';
    return tally.see({ kind, address: '192.0.2.1' as Address, line: `${kind} ${place}` }, place * 1000);
  });
  const verdict = verdicts.find((one) => one !== undefined);
  assert.equal(verdict?.rule, 'score');
  assert.equal(verdict?.bantime, defaultScore.bantime);
  assert.ok(verdict.evidence.some((line) => line.startsWith('credential')));
  assert.ok(verdict.evidence.some((line) => line.startsWith('relay')));
});

test('Tally keeps those near a verdict when a flood of new addresses comes', () => {
  const tally = new Tally(defaultRules, 1000);
  const near = (place: number): Address => `192.0.2.${place}` as Address;
  for (let place = 0; place < 100; place += 1)
    for (const line of ['one', 'two']) tally.see({ kind: 'relay', address: near(place), line }, 0);
  for (let place = 0; place < 50_000; place += 1) {
    const address = `10.${place >> 16}.${(place >> 8) & 255}.${place & 255}` as Address;
    tally.see({ kind: 'credential', address, line: 'flood' }, 1000);
  }
  assert.equal(tally.size, 1000);
  for (let place = 0; place < 100; place += 1) {
    const verdict = tally.see({ kind: 'relay', address: near(place), line: 'three' }, 2000);
    assert.deepEqual(verdict?.evidence, ['one', 'two', 'three'], near(place));
  }
});

test('Tally gives up those who hold nothing any more before the weak', () => {
  const tally = new Tally(defaultRules, 2);
  const old = '192.0.2.1' as Address;
  const weak = '192.0.2.2' as Address;
  const later = defaultScore.halfLife * 10;
  for (const line of ['one', 'two']) tally.see({ kind: 'relay', address: old, line }, 0);
  for (let count = 0; count < 9; count += 1) tally.see({ kind: 'harvest', address: weak, line: '' }, later);
  tally.see({ kind: 'relay', address: '192.0.2.3' as Address, line: '' }, later);
  assert.equal(tally.see({ kind: 'harvest', address: weak, line: '' }, later)?.rule, 'harvest');
});

test('Tally outlives a table used up a hundred times', () => {
  const tally = new Tally(defaultRules, 64);
  const model = new Set<string>();
  for (let place = 0; place < 20_000; place += 1) {
    const address = `2001:db8::${(place % 6400).toString(16)}` as Address;
    model.add(address);
    tally.see({ kind: sightingKinds[place % 6] ?? 'relay', address, line: 'x'.repeat(2000) }, place * 10);
    assert.equal(tally.size, Math.min(64, model.size));
  }
});
