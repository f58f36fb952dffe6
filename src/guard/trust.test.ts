import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import { logContext } from '../exim/log-context.ts';
import { parseLogLine } from '../exim/log-line.ts';
import { Trust } from './trust.ts';

const day = 86_400_000;
const rule = { halfLife: (14 * day) as Duration, mail: 1, login: 2, mostPatience: 3 };
const peer = '198.19.3.4' as Address;
const context = logContext({ timeZone: 'UTC' });

function event(text: string) {
  return parseLogLine(`2026-11-23 09:00:00 ${text}`, context);
}

const mail = event('1xVPxv-00005n-1U <= a@world.example H=(x.world.example) [198.19.3.4] P=esmtp S=472');

test('Trust.see() gives credit for accepted mail and logins alone', () => {
  for (const [line, credit] of [
    ['1xVPxv-00005n-1U <= a@world.example H=(x.world.example) [198.19.3.4] P=esmtp S=472', 1],
    ['1xVPxv-00005n-1U <= a@world.example H=(x) [198.19.3.4] P=esmtpsa A=plain:alice S=472', 3],
    ['1xVPxv-00005n-1U <= a@world.example U=alice P=local S=472', 0],
    ['1xVPxv-00005n-1U (= a@world.example H=(x.world.example) [198.19.3.4] P=esmtp S=472', 0],
    ['1xVPxv-00005n-1U => b@world.example R=dnslookup T=remote_smtp H=x.world.example [198.19.3.4]', 0],
    ['plain authenticator failed for (x) [198.19.3.4]: 535 Incorrect authentication data (set_id=a)', 0],
  ] as const) {
    const trust = new Trust(rule);
    assert.equal(trust.see(event(line), 0), credit > 0 ? peer : undefined, line);
    assert.equal(trust.credit(peer, 0), credit, line);
  }
});

test('Trust halves in its half-life', () => {
  const trust = new Trust(rule);
  for (let count = 0; count < 8; count += 1) trust.see(mail, 0);
  assert.equal(trust.credit(peer, 0), 8);
  assert.equal(trust.credit(peer, rule.halfLife), 4);
  trust.see(mail, rule.halfLife);
  assert.equal(trust.credit(peer, rule.halfLife), 5);
  assert.equal(trust.credit(peer, rule.halfLife - day), 5, 'a clock that jumps back takes nothing away');
  assert.deepEqual(trust.earned(peer), { credit: 5, at: rule.halfLife, messages: 9, logins: 0 });
});

test('Trust.patience() grows with credit, from 1 to its most', () => {
  const trust = new Trust(rule);
  assert.equal(trust.patience(peer, 0), 1);
  let before = 1;
  for (let count = 0; count < 1000; count += 1) {
    trust.see(mail, 0);
    const patience = trust.patience(peer, 0);
    assert.ok(patience >= before && patience <= 3);
    before = patience;
  }
  assert.equal(before, 3);
  assert.equal(trust.patience('192.0.2.1' as Address, 0), 1);
});

test('Trust keeps old friends when a flood of one-message addresses comes', () => {
  const trust = new Trust(rule, 100);
  const other = '198.19.3.5' as Address;
  trust.restore(peer, { credit: 50, at: 0, messages: 50, logins: 0 });
  for (let host = 0; host < 10_000; host += 1) {
    const address = `10.0.${host >> 8}.${host & 255}` as Address;
    trust.restore(address, { credit: 1, at: day, messages: 1, logins: 0 });
  }
  assert.ok(trust.credit(peer, day) > 40);
  assert.equal(trust.credit(other, day), 0);
  assert.equal(trust.credit('10.0.0.0' as Address, day), 0);
});

test('Trust never decays below nothing, nor above what was earned', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -30 * day, max: 60 * day }), { maxLength: 40 }), (gaps) => {
      const trust = new Trust(rule);
      let now = 1000 * day;
      for (const [count, gap] of gaps.entries()) {
        now += gap;
        trust.see(mail, now);
        const credit = trust.credit(peer, now);
        assert.ok(credit > 0 && credit <= count + 1);
      }
    }),
  );
});

test('Trust.knowsNeighbour() knows the /64 of whom it has not forgotten', () => {
  const trust = new Trust(rule, 2);
  const of = (text: string): Address => text as Address;
  const earned = { credit: 1, at: 0, messages: 1, logins: 0 };
  trust.restore(of('2001:db8::1'), { ...earned, credit: 0.1 });
  trust.restore(of('2001:db8::1'), { ...earned, credit: 0.1 });
  assert.equal(trust.knowsNeighbour(of('2001:db8::2')), true);
  assert.equal(trust.knowsNeighbour(of('2001:db8:0:1::2')), false);
  trust.restore(of('192.0.2.1'), earned);
  assert.equal(trust.knowsNeighbour(of('192.0.2.1')), true);
  assert.equal(trust.knowsNeighbour(of('192.0.2.2')), false);
  trust.restore(of('192.0.2.3'), earned);
  assert.equal(trust.knowsNeighbour(of('2001:db8::2')), false, 'the weakest is forgotten');
});
